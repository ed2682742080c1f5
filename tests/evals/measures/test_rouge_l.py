"""ROUGE-L, against Lin's own examples and a plain rewriting of the definition."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.evals.measures.base import Measure
from tradespace.evals.measures.rouge_l import RougeL, SubsequenceMeasure, common_subsequence
from tradespace.testing.measure_contract import MeasureContract

REFERENCE = "police killed the gunman"
WORDS = st.lists(st.sampled_from(["red", "blue", "green", "and"]), max_size=12)


@pytest.mark.parametrize("measure", [RougeL().measure("rouge_l"), RougeL(beta=0).measure("precision")], ids=str)
class TestRougeL(MeasureContract):
    """The contract."""

    def test_it_is_called_as_it_was_named(self, measure: Measure) -> None:
        """By the section that made it."""
        assert measure.name in {"rouge_l", "precision"}


def graded(answer: str, *accepted: str, beta: float = 1.0) -> float:
    return SubsequenceMeasure("m", beta).grade(answer, accepted)


@pytest.mark.parametrize(
    ("answer", "score"), [("police kill the gunman", 3 / 4), ("the gunman kill police", 2 / 4), (REFERENCE, 1.0)]
)
def test_the_examples_of_the_paper(answer: str, score: float) -> None:
    """Lin 2004, section 3.1: the order of words tells two answers of the same words apart."""
    assert graded(answer, REFERENCE) == pytest.approx(score)


def test_of_several_accepted_answers_the_one_that_fits_best_counts() -> None:
    """And one without words counts only where there is no other."""
    assert graded("the red door", "a window", "the door", "") == pytest.approx(2 * 2 / (3 + 2))
    assert [graded("", ""), graded("a door", ""), graded("", "a door"), graded("...", " ")] == [1, 0, 0, 1]


def test_beta_weighs_recall_against_precision() -> None:
    """At 0 precision alone is left, and with a large number recall alone."""
    answer, accepted = "the valve opens at five bar and closes at three", "opens at five bar"
    assert graded(answer, accepted, beta=0) == pytest.approx(4 / 10)
    assert graded(answer, accepted, beta=1000) == pytest.approx(1.0, abs=1e-5)
    assert graded(answer, accepted) == pytest.approx(2 * 4 / (10 + 4))


def test_words_are_compared_in_any_script() -> None:
    """In lower case and without punctuation; characters, where words are not told apart."""
    assert graded("The Saxon-Garden!", "the saxon garden") == 1.0
    assert graded("北京市", "北京") == pytest.approx(2 * 2 / (3 + 2))


def table_length(words: Sequence[str], others: Sequence[str]) -> int:
    """The definition, by the usual table."""
    table = [[0] * (len(others) + 1) for _ in range(len(words) + 1)]
    for row, word in enumerate(words):
        for column, other in enumerate(others):
            longer = max(table[row][column + 1], table[row + 1][column])
            table[row + 1][column + 1] = table[row][column] + 1 if word == other else longer
    return table[-1][-1]


@given(WORDS, WORDS)
def test_the_length_is_that_of_the_usual_table(words: list[str], others: list[str]) -> None:
    """Whatever the texts, either way round."""
    assert common_subsequence(words, others) == table_length(words, others) == common_subsequence(others, words)


@given(WORDS, WORDS, st.floats(0, 5))
def test_the_score_is_the_f_of_recall_and_precision(words: list[str], others: list[str], beta: float) -> None:
    """Lin 2004, equations 2 to 4."""
    common = table_length(words, others)
    if not common:
        assert graded(" ".join(words), " ".join(others), beta=beta) == float(words == others)
        return
    recall, precision = common / len(others), common / len(words)
    expected = (1 + beta**2) * recall * precision / (recall + beta**2 * precision)
    assert graded(" ".join(words), " ".join(others), beta=beta) == pytest.approx(expected)


def test_it_agrees_with_the_reference_implementation() -> None:
    """Of Google Research, where that is installed."""
    rouge_scorer = pytest.importorskip("rouge_score.rouge_scorer")
    scorer = rouge_scorer.RougeScorer(["rougeL"])
    for answer in ("Police_kill the gunman, at 5.30!", "the gunman", "nobody"):
        assert graded(answer, REFERENCE) == pytest.approx(scorer.score(REFERENCE, answer)["rougeL"].fmeasure)
