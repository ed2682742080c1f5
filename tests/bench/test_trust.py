"""The simulation of claims, in miniature: on twelve pipelines whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from bench.trust import LATENCY, SCORE, Population, Tally, pairs_table, study
from tests.bench.search.conftest import small_recording
from tradespace.explorer.results import QuestionSet

STUDIES = 60


@pytest.fixture(scope="module")
def population() -> Population:
    """Seventy questions to draw from."""
    return Population(small_recording())


@pytest.fixture(scope="module")
def tally(population: Population) -> Tally:
    """What sixty studies claimed."""
    random, seen = np.random.default_rng(0), Tally()
    for _ in range(STUDIES):
        study(population, 150, random, seen)
    return seen


def test_what_is_claimed_of_all_finalists_at_once_is_true_as_often_as_said(tally: Tally) -> None:
    """Scores, latencies and differences: in 95 % of the studies, within the noise of sixty."""
    for claim in (f"{SCORE} all", f"{LATENCY} all", "behind all"):
        assert len(tally.seen[f"{claim} now"]) == STUDIES
        assert np.mean(tally.seen[f"{claim} now"]) >= 0.87, claim


def test_what_was_claimed_of_each_alone_is_true_of_all_less_often(tally: Tally) -> None:
    """The simulation can tell the two apart."""
    assert np.mean(tally.seen[f"{SCORE} all before"]) < np.mean(tally.seen[f"{SCORE} all now"])


def test_false_verdicts_are_rarer_than_the_error(tally: Tally) -> None:
    """In at most 5 % of the studies, within noise, and some are decided."""
    assert np.mean(tally.seen["false all now"]) <= 0.12
    assert np.mean(tally.seen["decided"]) > 0.1


def test_the_truth_is_the_mean_over_all_questions(population: Population) -> None:
    """Asked all of them once, an evaluation scores what is taken for true."""
    everything = np.arange(population.recording.scores.shape[1])
    for evaluation in population.ask(range(12), everything, QuestionSet.CONFIRM):
        assert np.mean(evaluation.scores[SCORE]) == pytest.approx(population.scores[evaluation.pipeline])


def test_betting_is_right_and_peeking_is_not(population: Population) -> None:
    """The table of pairs has their shares of bounds that were ever wrong."""
    rows = [line.split("|")[2].strip() for line in pairs_table(population).splitlines()[2:]]
    betting, bernstein, peeking = (float(cell.removesuffix(" %")) for cell in rows)
    assert bernstein <= 5 >= betting
    assert peeking > betting
