"""Evaluations that no longer hold are made anew, and calls that still hold are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.explorer.test_exploration import Listener, explore
from tradespace.components.base import Operator
from tradespace.components.corpus import Corpus
from tradespace.components.notation import parse
from tradespace.components.retrievers.bm25 import BM25
from tradespace.explorer.results import Evaluation, QuestionSet, Results
from tradespace.explorer.storage.study import StudyFolder

SEARCH = "{strategy: random, budget: {pipelines: 4}, batch: 4}"


def scores(results: Results) -> dict[str, tuple[float | None, ...]]:
    return {evaluation.pipeline: evaluation.scores["mrr"] for evaluation in results.explored}


class Warned(Listener):
    """Remembers what it was warned of."""

    def warn(self, messages: Sequence[str]) -> None:
        self.phases += messages


def test_a_component_that_changed_is_evaluated_anew(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its new rankings are scored, for every pipeline that holds it, and the user is told why."""
    before = explore(folder, tmp_path, SEARCH)
    opened = BM25.open

    def open_reversed(self: BM25, corpus: Corpus) -> Operator:
        rank = opened(self, corpus)
        return lambda requests: [tuple(reversed(ranking)) for ranking in rank(requests)]  # type: ignore[arg-type]

    monkeypatch.setattr(BM25, "open", open_reversed)
    monkeypatch.setattr(BM25, "version", BM25.version + 1)
    listener = Warned()
    after = explore(folder, tmp_path, SEARCH, listener)
    assert scores(after).keys() == scores(before).keys()
    assert scores(after) != scores(before)
    assert {one.address for one in after.explored} == {parse(one.pipeline).address for one in after.explored}
    assert any("have changed since 4 pipelines were evaluated" in message for message in listener.phases)


def test_a_default_that_changed_is_evaluated_anew(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The short notation stays what it was, so only the address can tell."""
    before = explore(folder, tmp_path, SEARCH)
    with monkeypatch.context() as other_release:
        other_release.setattr(BM25, "behaviour", property(lambda self: f"bm25 with another default of {self!r}"))
        during = explore(folder, tmp_path, SEARCH)
    assert [one.pipeline for one in during.explored] == [one.pipeline for one in before.explored]
    assert {one.address for one in during.explored}.isdisjoint(one.address for one in before.explored)


def without_address(study: StudyFolder, evaluations: Sequence[Evaluation], question_set: QuestionSet) -> None:
    """Store evaluations as a release did whose evaluations had no address."""
    manifest = study.manifest()
    old = [replace(evaluation, address="") for evaluation in evaluations if evaluation.question_set is question_set]
    study.evaluations.write(manifest.context, manifest.provenance.host, old)


def test_a_study_of_old_stays_readable_and_costs_no_call(folder: Path, tmp_path: Path) -> None:
    """Its evaluations are shown as they are; explored again, they are computed anew from the ledger. Latencies are
    foretold from all timings there are by then, so they decide nothing here."""
    before = explore(folder, tmp_path, SEARCH, objectives="{mrr: maximize}")
    study = StudyFolder(tmp_path)
    without_address(study, before.explored, QuestionSet.EXPLORE)
    without_address(study, before.confirmed, QuestionSet.CONFIRM)
    assert scores(StudyFolder(tmp_path).results()) == scores(before)
    outcomes = len(study.ledger)
    after = explore(folder, tmp_path, SEARCH, objectives="{mrr: maximize}")
    assert scores(after) == scores(before)
    assert all(evaluation.address for evaluation in (*after.explored, *after.confirmed))
    assert len(study.ledger) == outcomes


def test_a_component_that_there_is_no_more_is_forgotten(folder: Path, tmp_path: Path) -> None:
    """An evaluation whose notation nobody can read any more takes no part in the conclusion."""
    before = explore(folder, tmp_path, SEARCH)
    study = StudyFolder(tmp_path)
    gone = replace(before.explored[0], pipeline="bm52()")
    study.evaluations.write(study.manifest().context, "here", [gone])
    assert "bm52()" not in scores(explore(folder, tmp_path, SEARCH))


def test_what_still_holds_is_kept(folder: Path, tmp_path: Path) -> None:
    """Exploring again with the same components evaluates nothing."""
    explore(folder, tmp_path, SEARCH)
    listener = Warned()
    explore(folder, tmp_path, SEARCH, listener)
    assert not any("have changed" in message for message in listener.phases)


def test_what_was_timed_on_some_questions_only_is_evaluated_anew(folder: Path, tmp_path: Path) -> None:
    """As evaluations once were: their seconds fit into no table with those of all questions. No call is repeated."""
    before = explore(folder, tmp_path, SEARCH)
    study = StudyFolder(tmp_path)
    context = study.manifest().context
    short = [
        replace(one, seconds={stage: row[:12] for stage, row in one.seconds.items()}, end_to_end=())
        for one in before.explored
    ]
    study.evaluations.write(context, before.provenance.host, short)
    outcomes = len(study.ledger)
    after = explore(folder, tmp_path, SEARCH)
    assert [one.seconds.keys() for one in after.explored] == [one.seconds.keys() for one in before.explored]
    assert all(len(row) == len(one.scores["mrr"]) > 12 for one in after.explored for row in one.seconds.values())
    made = after.provenance.calls_made - before.provenance.calls_made  # of a finalist that is another now, at most
    assert made == len(study.ledger) - outcomes
