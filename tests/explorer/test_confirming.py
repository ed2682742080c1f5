"""The finalists are asked as many fresh questions as their figures need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.explorer.test_exploration import Listener, explore
from tradespace.explorer import exploration
from tradespace.explorer.confirming import told_apart, widest
from tradespace.explorer.results import Evaluation, QuestionSet, Results
from tradespace.search_space.goals import Goals, Objective

SEARCH = "{{strategy: random, budget: {{pipelines: 4}}, half_width: {half_width}}}"
GOALS = Goals((Objective("f1", maximize=True),))


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exploration, "FIRST_QUESTIONS", 4)


def asked(results: Results) -> set[int]:
    return {len(evaluation.scores["mrr"]) for evaluation in results.confirmed}


@pytest.mark.parametrize(
    ("half_width", "questions", "words"),
    [
        ("0.9", 4, "4 of 10 confirm questions were asked: the MRR of the finalists is known within ±0.9"),
        ("0.001", 10, "10 of 10 confirm questions were asked: there are no more"),
        ("null", 10, "10 of 10 confirm questions were asked: there are no more"),
    ],
)
def test_as_many_questions_are_asked_as_the_interval_takes(
    folder: Path, tmp_path: Path, half_width: str, questions: int, words: str
) -> None:
    """A wide one needs the first block, a narrow one all; the record says why it was enough."""
    results = explore(folder, tmp_path, SEARCH.format(half_width=half_width))
    assert asked(results) == {questions}
    assert results.provenance.confirmed == words


def test_a_longer_run_of_questions_replaces_the_shorter_and_asks_only_the_new(folder: Path, tmp_path: Path) -> None:
    """Asked for more precision later, the finalists go on where they stopped, and nothing is called twice."""
    first = explore(folder, tmp_path, SEARCH.format(half_width="0.9"))
    second = explore(folder, tmp_path, SEARCH.format(half_width="0.001"))
    assert (asked(first), asked(second)) == ({4}, {10})
    assert second.provenance.calls_made - first.provenance.calls_made <= 6 * len(second.confirmed)
    again = explore(folder, tmp_path, SEARCH.format(half_width="0.9"))
    assert again.confirmed == second.confirmed
    for short, long in zip(first.confirmed, second.confirmed, strict=True):
        assert long.scores["mrr"][:4] == short.scores["mrr"]


def test_what_was_confirmed_stays_when_the_dollars_end(folder: Path, tmp_path: Path) -> None:
    """The record says how far it came."""
    listener = Listener()
    search = "{strategy: random, budget: {pipelines: 4, minutes: 0.000001}, half_width: 0.001}"
    results = explore(folder, tmp_path, search, listener)
    assert len(results.confirmed) == 1
    assert results.provenance.confirmed.endswith("confirm questions were asked: the time is up")


def confirmed(name: str, scores: Sequence[float | None], answers: str = "") -> Evaluation:
    return Evaluation(name, "", QuestionSet.CONFIRM, {}, {"f1": tuple(scores)}, answers=answers)


def test_finalists_are_told_apart_by_bounds_that_may_be_looked_at_often() -> None:
    """Half of the questions between two are enough of thirty, and not of ten; disguises need not be told apart."""
    good, poor = [1.0] * 30, [1.0, 0.0] * 15
    assert told_apart([confirmed("a", good), confirmed("b", poor)], GOALS, 1000)
    assert not told_apart([confirmed("a", good[:10]), confirmed("b", poor[:10])], GOALS, 1000)
    assert not told_apart([confirmed("a", good), confirmed("c", good), confirmed("b", poor)], GOALS, 1000)
    assert told_apart([confirmed("a", good, "x"), confirmed("c", good, "x"), confirmed("b", poor)], GOALS, 1000)
    assert not told_apart([], GOALS, 1000)
    ratios = Goals((Objective("answered_f1", maximize=True),))
    rows = {"a": tuple(good), "b": tuple(poor)}
    renamed = [replace(confirmed(name, row), scores={"answered_f1": row}) for name, row in rows.items()]
    assert not told_apart(renamed, ratios, 1000)  # each is of other questions


@pytest.mark.filterwarnings("error")
def test_a_finalist_without_a_score_is_told_apart_from_none() -> None:
    """As where a judge could read none of its answers: nothing says that it is worse, and it is the best of nobody."""
    unknown = confirmed("c", [None] * 30)
    assert not told_apart([confirmed("a", [1.0] * 30), confirmed("b", [1.0, 0.0] * 15), unknown], GOALS, 1000)


def test_the_widest_interval_counts() -> None:
    """That of the pipeline whose questions vary most."""
    random = np.random.default_rng(0)
    sure, unsure = (random.random(100) < 0.02).astype(float), (random.random(100) < 0.5).astype(float)
    both = [confirmed("sure", sure.tolist()), confirmed("unsure", unsure.tolist())]
    assert widest(both, "f1") == pytest.approx(widest(both[1:], "f1"), rel=0.2)
    assert widest(both, "f1") > 2 * widest(both[:1], "f1")
    assert widest([], "f1") == float("inf")
