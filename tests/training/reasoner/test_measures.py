"""Specification of scoring, voting and intervals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.reasoner.measures import Answered, calculated, final_answer, votes
from training.reasoner.tables import chosen, gain, share


@given(st.lists(st.tuples(st.sampled_from("+-"), st.integers(0, 999)), min_size=1, max_size=4), st.integers(0, 999))
def test_the_calculator_adds_and_subtracts(terms: list[tuple[str, int]], first: int) -> None:
    """An expression is computed as Python would."""
    expression = f"{first} " + " ".join(f"{sign} {number}" for sign, number in terms)
    assert calculated(expression) == str(eval(expression))


@pytest.mark.parametrize("text", ["ashford", "12", "1 +", "+ 1 + 2", "1 * 2", "", "1 + two"])
def test_what_is_no_expression_stays_as_it_is(text: str) -> None:
    """A name, a number or a broken expression is the answer itself."""
    assert calculated(text) == text


def test_the_final_answer_stands_after_the_last_marker() -> None:
    """Chains are cut off; direct answers are whole."""
    assert final_answer("home of a is b. answer: b") == "b"
    assert final_answer("ashford") == "ashford"
    assert final_answer("age of a is 12. answer: 12 + 30") == "42"


def test_the_majority_wins_and_the_first_drawn_wins_a_tie() -> None:
    """Votes count answers among the first k samples, for every k that was drawn."""
    right = "ashford"
    samples = ("wrong", right, right, "wrong")
    sampled = Answered(("g",), (samples,), (right,), (False,), (1.0,), (9,))
    voted = votes(sampled)
    assert list(voted) == ["majority of 1", "majority of 2", "majority of 4"]
    assert [answered.answers[0][0] for answered in voted.values()] == ["wrong", "wrong", "wrong"]
    agreed = Answered(("g",), (("wrong", right, right),), (right,), (False,), (1.0,), (9,))
    assert votes(agreed)["majority of 2"].right == (False,)
    three = Answered(("g",), (("wrong", right, right, right),), (right,), (False,), (1.0,), (9,))
    assert votes(three)["majority of 4"].right == (True,)


@given(st.lists(st.booleans(), min_size=2, max_size=60))
def test_a_share_lies_within_its_interval(right: list[bool]) -> None:
    """Percent, with an interval inside 0 to 100 that narrows to neither end."""
    value = share(np.array(right))
    assert 0 <= value["low"] <= value["percent"] <= value["high"] <= 100
    assert value["low"] < value["high"]


def test_a_gain_is_paired() -> None:
    """The same items right in both ways cancel out: no gain has no width, a sure gain excludes zero."""
    right = np.array([True, False] * 50)
    assert gain(right, right) == {"points": 0, "low": 0, "high": 0}
    better = gain(np.ones(100, bool), right)
    assert better["low"] > 30
    assert better["points"] == 50


def test_groups_are_chosen_by_name() -> None:
    """ "all" means every item."""
    answered = Answered(("a", "b", "a"), ((), (), ()), ("x", "x", "x"), (True, False, False), (1, 1, 1), (1, 1, 1))
    assert chosen(answered, "a").tolist() == [True, False]
    assert chosen(answered, "all").tolist() == [True, False, False]
