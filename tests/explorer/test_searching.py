"""The search phase under `frontier`: dear calls are bought block by block, and what is known of all else is free."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.explorer.test_exploration import Listener, explore_text
from tradespace.components.base import Pipeline
from tradespace.components.notation import parse
from tradespace.explorer.planning import call_prices
from tradespace.explorer.planning.allowance import Allowance, Growth
from tradespace.explorer.progress import Status
from tradespace.explorer.records import Records
from tradespace.explorer.results import Evaluation, QuestionSet, Results
from tradespace.explorer.running.budget import Budget
from tradespace.explorer.search import Problem, Search, TrialResult
from tradespace.explorer.searching import Searching
from tradespace.explorer.storage.study import StudyFolder
from tradespace.search_space.specification import load_text
from tradespace.types import Question

STAGES = """
name: reading
data: {questions: questions.jsonl, documents: documents, explore: 40, confirm: 10}
pipeline:
  retrieve: {bm25: {k1: [0.6, 1.2], b: [0.2, 0.8], top_k: [1, 2, 3, 5]}}
  generate: {sentence: {passages: [1, 2, 3]}}
objectives: {answer_contained: maximize, latency_p95: minimize}
"""
FRONTIER = "{strategy: {frontier: {block: 10}}, batch: 4, seed: 1}"


@pytest.fixture(autouse=True)
def reading_is_dear(monkeypatch: pytest.MonkeyPatch) -> None:
    """However small the space, what takes most of the time is bought one by one."""
    monkeypatch.setattr(call_prices, "CHEAP_SECONDS", 0.0)
    monkeypatch.setattr(call_prices, "CHEAP_SHARE", 0.6)


def explore(folder: Path, study: Path, search: str = FRONTIER, listener: Listener | None = None) -> Results:
    """Explore the space."""
    return explore_text(folder, study, f"{STAGES}\nsearch: {search}\n", listener)


def frontier_of(results: Results, figure: str) -> float:
    """The best mean score."""
    means = [sum(score or 0.0 for score in evaluation.scores[figure]) / 40 for evaluation in results.explored]
    return max(means)


def test_no_more_calls_than_the_grid_reach_the_same_best_score(folder: Path, tmp_path: Path) -> None:
    """The grid makes every call that the space has; nothing is called beside these to find out about it."""
    grid = explore(folder, tmp_path / "grid", "{strategy: grid}")
    frontier = explore(folder, tmp_path / "frontier")
    assert frontier.provenance.spent and grid.provenance.spent
    assert frontier.provenance.spent.calls <= grid.provenance.spent.calls
    assert frontier_of(frontier, "answer_contained") == pytest.approx(frontier_of(grid, "answer_contained"), abs=0.01)


def test_what_became_of_every_candidate_is_recorded(folder: Path, tmp_path: Path) -> None:
    """Merged, left or complete: the account adds up."""
    account = explore(folder, tmp_path / "study").provenance.search
    assert account is not None
    assert account.candidates == 48
    assert account.whole_space
    assert account.classes < 48
    assert account.missing_sla + account.raced_out + account.complete + account.failed + account.open == account.classes
    assert account.ending
    assert StudyFolder(tmp_path / "study").results().provenance.search == account


def test_pipelines_that_are_known_for_free_are_evaluated_too(folder: Path, tmp_path: Path) -> None:
    """All whose calls were made on every question stand among the results, asked for or not."""
    results = explore(folder, tmp_path / "study")
    assert results.provenance.search is not None
    assert len(results.explored) > results.provenance.search.complete > 0
    assert {each.pipeline for each in results.explored} >= set(results.provenance.search.alike)


def test_an_interrupted_search_is_continued_from_what_the_ledger_knows(folder: Path, tmp_path: Path) -> None:
    """It comes to the same pipelines as one that was never interrupted, and makes no call twice."""
    whole = explore(folder, tmp_path / "whole")

    def interrupt(status: Status) -> None:
        signal.raise_signal(signal.SIGINT)

    stopped = explore(folder, tmp_path / "stopped", listener=Listener(on_status=interrupt))
    assert stopped.provenance.interrupted
    continued = explore(folder, tmp_path / "stopped")
    assert not continued.provenance.interrupted
    scores = {evaluation.pipeline: evaluation.scores for evaluation in whole.explored}
    again = {evaluation.pipeline: evaluation.scores for evaluation in continued.explored}
    assert frontier_of(continued, "answer_contained") == frontier_of(whole, "answer_contained")
    assert all(again[name] == scores[name] for name in again.keys() & scores.keys())


@pytest.mark.parametrize("budget", ["calls: 250", "minutes: 0.0001"])
def test_the_smallest_budget_shows_one_pipeline(folder: Path, tmp_path: Path, budget: str) -> None:
    """Where it ends before any pipeline was asked every question, one is finished if it can be."""
    results = explore(folder, tmp_path / "study", f"{{strategy: frontier, budget: {{{budget}}}}}")
    assert len(results.explored) >= 1


def test_a_budget_of_pipelines_holds(folder: Path, tmp_path: Path) -> None:
    """No more are evaluated on all questions, free ones included."""
    results = explore(folder, tmp_path / "study", "{strategy: frontier, budget: {pipelines: 2}, batch: 4}")
    assert len(results.explored) == 2


class Known(Search):
    """A search that asks for two pipelines, and knows meanwhile all of two others."""

    asked, too_late, by_the_way, too_many = (parse(f"bm25(top_k={top_k}) >> sentence()") for top_k in (1, 2, 3, 5))

    def propose(self) -> Pipeline | None:
        return self.too_late if self.seen(self.asked) else self.asked

    def learn(self, pipeline: Pipeline, result: TrialResult) -> None:
        """There is nothing to learn."""

    @property
    def complete(self) -> Sequence[Pipeline]:
        return (self.by_the_way, self.too_many)


@dataclass
class Slow:
    """Evaluates a pipeline in a minute, by a clock of its own."""

    questions: Sequence[Question] = (Question("q", "who?"),)
    seconds: float = 0.0

    def now(self) -> float:
        return self.seconds

    def evaluate(self, pipelines: Sequence[Pipeline]) -> list[Evaluation]:
        self.seconds += 60 * len(pipelines)
        scores, seconds = {"answer_contained": (1.0,)}, {"generate": (0.1,)}
        return [Evaluation(str(each), "", QuestionSet.EXPLORE, {}, scores, seconds=seconds) for each in pipelines]

    def make_calls(self, pipelines: Sequence[Pipeline], questions: range) -> None:
        """None is asked for."""


class Forgetful(Records):
    """Knows nothing from before."""

    def __init__(self) -> None:
        """It has no storage."""

    def known(self, question_set: QuestionSet) -> dict[str, Evaluation]:
        return {}

    def elsewhere(self, question_set: QuestionSet) -> list[str]:
        return []

    def store(self, evaluations: Sequence[Evaluation]) -> None:
        """They are kept nowhere."""


def test_what_is_known_by_the_way_is_evaluated_although_the_time_is_up() -> None:
    """A cheap pipeline of the frontier would be missing otherwise; no more of them than are confirmed."""
    space = load_text(f"{STAGES}\nsearch: {{strategy: grid, budget: {{minutes: 1}}, batch: 1}}\n")
    slow = Slow()
    budget = Budget(space.search.budget, now=slow.now)
    allowance = Allowance(budget, 1, Growth(1.0, 1.0))
    searching = Searching(
        space.search, space.goals, Forgetful(), slow, budget, allowance, Listener(), lambda search, evaluated: None
    )
    assert searching.run(lambda: Known(Problem(space.space, space.goals), 0)) == "the time is up"
    assert [each.pipeline for each in searching.evaluated] == [str(Known.asked), str(Known.by_the_way)]


class Ending(Known):
    """A search that asks for one pipeline, and says that it is over when it is asked again."""

    over = False

    def propose(self) -> Pipeline | None:
        self.over = self.seen(self.asked)
        return None if self.over else self.asked

    @property
    def complete(self) -> Sequence[Pipeline]:
        return ()


def test_why_a_search_ended_is_noted_although_nothing_is_new() -> None:
    """It knows that only when it is asked for more, behind the last batch."""
    space = load_text(f"{STAGES}\nsearch: {{strategy: grid, batch: 1}}\n")
    slow, noted = Slow(), list[tuple[bool, int]]()

    def note(search: Search, evaluated: Sequence[Evaluation]) -> None:
        assert isinstance(search, Ending)
        noted.append((search.over, len(evaluated)))

    budget = Budget(space.search.budget, now=slow.now)
    allowance = Allowance(budget, 1, Growth(1.0, 1.0))
    searching = Searching(space.search, space.goals, Forgetful(), slow, budget, allowance, Listener(), note)
    assert searching.run(lambda: Ending(Problem(space.space, space.goals), 0)) == ""
    assert noted == [(False, 1), (True, 1)]
