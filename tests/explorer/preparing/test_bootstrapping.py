"""Examples are drawn from questions that the pipeline answered right, through the ledger."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.explorer.conftest import Overlap
from tradespace.components.base import Pipeline
from tradespace.components.examples.bootstrap import Bootstrap
from tradespace.components.readers.llm import LLMReader
from tradespace.components.strategies.base import Strategy
from tradespace.components.strategies.cot import ChainOfThought
from tradespace.components.strategies.direct import Direct
from tradespace.explorer.preparing.bootstrapping import BLOCK, Bootstrapping
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.runner import run
from tradespace.testing.scripted import Scripted
from tradespace.types import Question


def questions(count: int) -> list[Question]:
    """Questions whose right answer is a cat, but every third, whose answer is a dog."""
    return [Question(f"q{n}", f"who is number {n}", answers=("dog" if n % 3 == 0 else "cat",)) for n in range(count)]


def teacher(reply: str = "cat", strategy: Strategy | None = None) -> Pipeline:
    """A pipeline that answers everything alike."""
    model = Scripted(script={"direct": (reply,), "think": (reply,)})
    return Overlap(top_k=1) >> LLMReader(model=model, strategy=strategy or Direct())


def drawn(
    recorded_calls: RecordedCalls, bootstrap: Bootstrap, asked: Sequence[Question], by: Pipeline | None = None
) -> list[tuple[str, str]]:
    """What is drawn from questions."""
    return list(Bootstrapping(asked, recorded_calls).pairs(bootstrap, by or teacher()))


def test_right_answers_become_examples(recorded_calls: RecordedCalls) -> None:
    """The questions that were answered right, in their order, each with the answer that was given."""
    assert drawn(recorded_calls, Bootstrap(), questions(6)) == [
        ("who is number 1", "cat"),
        ("who is number 2", "cat"),
        ("who is number 4", "cat"),
        ("who is number 5", "cat"),
    ]


def test_no_more_is_asked_once_there_are_enough(recorded_calls: RecordedCalls) -> None:
    """Questions are tried block by block, until the pool is full."""
    assert len(drawn(recorded_calls, Bootstrap(pool=3), questions(4 * BLOCK))) == 3
    assert recorded_calls.budget.asked == 2 * BLOCK


def test_another_seed_draws_other_examples(recorded_calls: RecordedCalls) -> None:
    """The seed decides in which order questions are tried; the same one draws the same."""
    first, second, again = (drawn(recorded_calls, Bootstrap(pool=5, seed=seed), questions(60)) for seed in (1, 2, 1))
    assert first == again
    assert first != second
    assert set(first) <= set(drawn(recorded_calls, Bootstrap(pool=60), questions(60)))


def test_the_measure_says_what_is_right(recorded_calls: RecordedCalls) -> None:
    """An answer that holds more words is right by half, if half a match is enough."""
    by = teacher("a cat indeed")
    assert drawn(recorded_calls, Bootstrap(), questions(3), by) == []
    lenient = Bootstrap(measure="answer_f1", least=0.5)
    assert [answer for _, answer in drawn(recorded_calls, lenient, questions(3), by)] == ["a cat indeed"] * 2


@pytest.mark.parametrize(("show", "told"), [("answer", "cat"), ("reply", "It purrs. answer: cat")])
def test_a_chain_of_thought_is_shown_where_it_is_wanted(recorded_calls: RecordedCalls, show: str, told: str) -> None:
    """Either the answer alone, or all that the model wrote to come to it."""
    by = teacher("It purrs. answer: cat", ChainOfThought())
    bootstrap = Bootstrap.model_validate({"show": show})
    assert drawn(recorded_calls, bootstrap, questions(2), by) == [("who is number 1", told)]


def test_failures_and_questions_without_answers_are_no_examples(recorded_calls: RecordedCalls) -> None:
    """What failed, or cannot be judged, is passed over."""
    asked = [Question("0", "who is dead"), *questions(3)]
    fragile = Overlap(top_k=1) >> LLMReader(model=Scripted(script={"direct": ("cat",)}, fail_on="number 1"))
    assert drawn(recorded_calls, Bootstrap(), asked, fragile) == [("who is number 2", "cat")]


def test_the_search_need_not_call_again_what_was_called_here(recorded_calls: RecordedCalls) -> None:
    """Examples are drawn through the ledger, and drawn again without a call."""
    before = drawn(recorded_calls, Bootstrap(), questions(6))
    made = recorded_calls.budget.made
    run(recorded_calls, [teacher()], [question.text for question in questions(6)])
    assert drawn(recorded_calls, Bootstrap(), questions(6)) == before
    assert recorded_calls.budget.made == made
