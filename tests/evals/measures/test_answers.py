"""Exact match, F1 and containment, against cases worked out by hand and a plain rewriting of SQuAD's definitions."""

import re
import string
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.evals.measures.answer_contained import ANSWER_CONTAINED
from tradespace.evals.measures.answer_em import ANSWER_EM
from tradespace.evals.measures.answer_f1 import ANSWER_F1

HAND_COMPUTED = [
    # given, accepted, exact match, F1, contained
    ("Rollo", ["Rollo"], 1, 1, 1),
    ("the  ROLLO!", ["Rollo"], 1, 1, 1),
    ("Rollo of Normandy", ["Rollo"], 0, 2 * (1 / 3) * 1 / (1 / 3 + 1), 1),
    ("Rollo", ["Rollo of Normandy"], 0, 0.5, 0),
    ("Tesla", ["Rollo"], 0, 0, 0),
    ("Ogród Saski", ["Saxon Garden", "Ogród Saski"], 1, 1, 1),
    ("red red blue", ["red blue blue"], 0, 2 / 3, 0),
    ("in 1976", ["7"], 0, 0, 0),
    ("Levi's Stadium", ["Levis stadium"], 1, 1, 1),
    ("24–10", ["24-10"], 0, 0, 0),  # only ASCII punctuation is removed
    ("", ["Rollo"], 0, 0, 0),
    ("the", ["Rollo"], 0, 0, 0),
    ("", [""], 1, 1, 1),  # SQuAD 2.0: no answer is right
    ("Rollo", [""], 0, 0, 0),
    ("", ["a", "the"], 1, 1, 1),  # accepted answers without words mean that there is none
    ("", ["the", "Rollo"], 0, 0, 0),  # beside a real answer they mean nothing
]


@pytest.mark.parametrize(("given", "accepted", "em", "f1", "contained"), HAND_COMPUTED)
def test_hand_computed_cases(given: str, accepted: list[str], em: float, f1: float, contained: float) -> None:
    """Scores are those that SQuAD's definitions give by hand."""
    assert ANSWER_EM.grade(given, accepted) == em
    assert ANSWER_F1.grade(given, accepted) == pytest.approx(f1)
    assert ANSWER_CONTAINED.grade(given, accepted) == contained


def plain_normalisation(text: str) -> str:
    kept = "".join(character for character in text.lower() if character not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", kept).split())


def plain_f1(right: str, given: str) -> float:
    right_words, given_words = plain_normalisation(right).split(), plain_normalisation(given).split()
    same = sum((Counter(right_words) & Counter(given_words)).values())
    if not right_words or not given_words:
        return float(right_words == given_words)
    if same == 0:
        return 0.0
    precision, recall = same / len(given_words), same / len(right_words)
    return 2 * precision * recall / (precision + recall)


texts = (
    st.lists(st.sampled_from(["a", "The", "red", "blue", "Red,", "-", "É", "an"]), max_size=5).map(" ".join) | st.text()
)


@given(texts, st.lists(texts, min_size=1, max_size=3))
def test_scores_are_those_of_the_plain_definitions(given: str, accepted: list[str]) -> None:
    """Exact match and F1 are the best over the accepted answers that have words, or the empty one if none has."""
    right = [answer for answer in accepted if plain_normalisation(answer)] or [""]
    assert ANSWER_EM.grade(given, accepted) == max(
        plain_normalisation(answer) == plain_normalisation(given) for answer in right
    )
    assert ANSWER_F1.grade(given, accepted) == pytest.approx(max(plain_f1(answer, given) for answer in right))


@given(texts, st.lists(texts, min_size=1, max_size=3))
def test_exact_match_is_the_strictest(given: str, accepted: list[str]) -> None:
    """An exact match has full F1 and is contained."""
    em = ANSWER_EM.grade(given, accepted)
    assert em <= ANSWER_F1.grade(given, accepted) <= 1
    assert em <= ANSWER_CONTAINED.grade(given, accepted)


@given(st.lists(st.sampled_from(["red", "blue", "green"]), min_size=1), st.data())
def test_any_run_of_the_answers_words_is_contained(words: list[str], data: st.DataObject) -> None:
    """A sentence contains each of its phrases."""
    start = data.draw(st.integers(0, len(words) - 1))
    end = data.draw(st.integers(start + 1, len(words)))
    assert ANSWER_CONTAINED.grade(" ".join(words), [" ".join(words[start:end])]) == 1
