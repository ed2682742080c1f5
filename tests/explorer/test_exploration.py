"""An exploration keeps to its budget, continues what was begun, and confirms what it found; on real BM25."""

from __future__ import annotations

import signal
import threading
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

import pytest

from tests.explorer.test_crash import SPACE
from tradespace.errors import InputError
from tradespace.evals.measures import MEASURES, Measure
from tradespace.evals.measures.ranking import RankingMeasure
from tradespace.explorer.exploration import Exploration
from tradespace.explorer.files import read_data, read_specification
from tradespace.explorer.planning import allowance
from tradespace.explorer.progress import Status
from tradespace.explorer.results import Results
from tradespace.explorer.storage.study import StudyFolder
from tradespace.registry import Registry

CONFIRM = 10


@dataclass
class Listener:
    """Remembers what it was told, and may do something about it."""

    phases: list[str] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    on_status: Callable[[Status], None] = lambda status: None

    def phase(self, title: str) -> None:
        self.phases.append(title)

    def working(self, doing: str) -> None:
        pass

    def searching(self, status: Status) -> None:
        self.statuses.append(status)
        self.on_status(status)

    def warn(self, messages: Sequence[str]) -> None:
        pass


def explore(
    folder: Path,
    study: Path,
    search: str,
    listener: Listener | None = None,
    *,
    more: str = "",
    host: str = "here",
    objectives: str = "{mrr: maximize, latency_p95: minimize}",
) -> Results:
    """Explore the small space with another `search` section, and other objectives."""
    text = "\n".join(line for line in SPACE.splitlines() if not line.startswith(("search:", "objectives:")))
    return explore_text(folder, study, f"{text}\nobjectives: {objectives}\nsearch: {search}\n{more}\n", listener, host)


def explore_text(folder: Path, study: Path, text: str, listener: Listener | None = None, host: str = "here") -> Results:
    """Explore a space that lies in a folder of questions and documents."""
    file = folder / "other.yaml"
    file.write_text(text)
    specification = read_specification(file)
    dataset = read_data(specification).dataset
    return Exploration(specification, StudyFolder(study), dataset, listener or Listener(), host).run()


def test_the_search_ends_with_the_budget_of_pipelines(folder: Path, tmp_path: Path) -> None:
    """No more pipelines are tried than allowed, even where a batch would hold more."""
    results = explore(folder, tmp_path, "{strategy: random, budget: {pipelines: 10}, batch: 4}")
    assert len(results.explored) == 10


def test_the_search_ends_before_the_budget_of_calls_is_exceeded(folder: Path, tmp_path: Path) -> None:
    """Confirming the finalists comes on top."""
    listener = Listener()
    results = explore(folder, tmp_path, "{strategy: random, budget: {calls: 170}, batch: 2}", listener)
    assert 0 < len(results.explored) < 80
    assert listener.statuses[-1].calls_made <= 170


def test_the_search_ends_when_the_time_is_up(folder: Path, tmp_path: Path) -> None:
    """One pipeline is evaluated and confirmed in a minute each, however little there is: else there would be nothing
    to show. Why the search ended, and what each phase took, is told."""
    results = explore(folder, tmp_path, "{strategy: random, budget: {minutes: 0.00001}, batch: 2}")
    assert len(results.explored) == 1
    assert len(results.confirmed) == 1
    assert results.provenance.ended == "the time is up"
    assert results.provenance.phases.keys() == {"planning", "searching", "confirming"}


def test_a_first_pipeline_that_is_too_slow_does_not_outlast_the_budget(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The search ends with the reason; the same command goes on where it was."""
    short = "{strategy: random, budget: {minutes: 0.00001}, batch: 2}"
    with monkeypatch.context() as slow:
        slow.setattr(allowance, "LEAST_SECONDS", 0.0)
        results = explore(folder, tmp_path, short)
    assert (results.explored, results.confirmed, results.provenance.ended) == ((), (), "the time is up")
    assert len(explore(folder, tmp_path, short).explored) == 1


def test_a_search_whose_time_is_up_keeps_what_it_did(folder: Path, tmp_path: Path) -> None:
    """Started again it makes no call, says the same, and goes on once there is more time."""
    short = "{strategy: random, budget: {minutes: 0.00001}, batch: 2}"
    first = explore(folder, tmp_path, short)
    again = explore(folder, tmp_path, short)
    assert (again.explored, again.confirmed) == (first.explored, first.confirmed)
    assert again.provenance.calls_made == first.provenance.calls_made
    assert again.provenance.ended == "the time is up"
    more = explore(folder, tmp_path, "{strategy: random, budget: {minutes: 10, pipelines: 4}, batch: 2}")
    assert more.explored[:1] == first.explored
    assert len(more.explored) == 4
    assert more.provenance.ended == ""


def test_the_search_ends_when_the_dollars_are_spent(folder: Path, tmp_path: Path) -> None:
    """Time on a host with a price is money; the first pipeline is always tried."""
    more = "prices: {host_usd_per_hour: 1000000}"
    results = explore(folder, tmp_path, "{strategy: random, budget: {usd: 0.001}, batch: 2}", more=more)
    assert len(results.explored) == 1


def test_a_grid_tries_the_whole_space(folder: Path, tmp_path: Path) -> None:
    """Without a budget the search ends with the space."""
    assert len(explore(folder, tmp_path, "{strategy: grid, batch: 40}").explored) == 80


def test_a_larger_budget_continues_where_the_smaller_one_ended(folder: Path, tmp_path: Path) -> None:
    """What was evaluated is not evaluated again."""
    first = explore(folder, tmp_path, "{strategy: nsga2, budget: {pipelines: 8}, batch: 4}")
    second = explore(folder, tmp_path, "{strategy: nsga2, budget: {pipelines: 16}, batch: 4}")
    assert second.explored[:8] == first.explored
    assert len(second.explored) == 16


def test_the_finalists_are_confirmed_and_run_end_to_end(folder: Path, tmp_path: Path) -> None:
    """Their figures come from other questions, and from real runs."""
    results = explore(folder, tmp_path, "{strategy: tpe, budget: {pipelines: 12}, batch: 4}")
    explored = {evaluation.pipeline for evaluation in results.explored}
    assert results.confirmed
    for evaluation in results.confirmed:
        assert evaluation.pipeline in explored
        assert len(evaluation.scores["mrr"]) == 10
        assert all(seconds is not None and seconds > 0 for seconds in evaluation.end_to_end)


def test_an_interrupted_search_keeps_what_is_known_and_can_be_continued(folder: Path, tmp_path: Path) -> None:
    """Ctrl-C ends the search, not the study."""

    def interrupt(status: Status) -> None:
        if status.tried >= 8:
            raise KeyboardInterrupt

    search = "{strategy: random, budget: {pipelines: 16}, batch: 4}"
    cut_short = explore(folder, tmp_path, search, Listener(on_status=interrupt))
    assert cut_short.provenance.interrupted
    assert len(cut_short.explored) == 8
    whole = explore(folder, tmp_path, search)
    assert not whole.provenance.interrupted
    assert whole.explored[:8] == cut_short.explored


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interrupt_that_python_drops_ends_the_search_behind_its_batch(folder: Path, tmp_path: Path) -> None:
    """Python drops what is raised while it destroys an object; Ctrl-C ends the search all the same."""

    def interrupt(status: Status) -> None:
        if status.tried >= 8:
            thing = threading.Event()
            weakref.finalize(thing, signal.raise_signal, signal.SIGINT)

    listener = Listener(on_status=interrupt)
    results = explore(folder, tmp_path, "{strategy: random, budget: {pipelines: 16}, batch: 4}", listener)
    assert results.provenance.interrupted
    assert len(results.explored) == 8


def test_a_price_gives_every_pipeline_a_cost(folder: Path, tmp_path: Path) -> None:
    """Dollars per question are those of the seconds that the stages take."""
    more = "prices: {host_usd_per_hour: 3600}"
    results = explore(folder, tmp_path, "{strategy: random, budget: {pipelines: 2}}", more=more)
    for evaluation in results.explored:
        assert evaluation.metered["usd"] == pytest.approx(
            [sum(row) for row in zip(*evaluation.seconds.values(), strict=True)]
        )


def test_without_a_price_costs_are_missing(folder: Path, tmp_path: Path) -> None:
    """Missing, not zero."""
    results = explore(folder, tmp_path, "{strategy: random, budget: {pipelines: 2}}")
    assert all(evaluation.metered == {} for evaluation in results.explored)


def test_pipelines_that_fail_are_kept_and_the_search_goes_on(folder: Path, tmp_path: Path) -> None:
    """A component that cannot be opened costs its own pipelines only; the study says why."""
    text = SPACE.replace("rerank: {none: {}}", "rerank: {none: {}, sentence_transformers: {model: /nowhere}}")
    file = folder / "failing.yaml"
    file.write_text(text)
    specification = read_specification(file)
    results = Exploration(specification, StudyFolder(tmp_path), read_data(specification).dataset, Listener()).run()
    failed = [evaluation for evaluation in results.explored if evaluation.failures]
    assert failed and len(failed) < len(results.explored)
    for evaluation in failed:
        assert len(evaluation.failures) == 40
        assert "sentence_transformers: model must be" in evaluation.failures[0]
        assert set(evaluation.scores["mrr"]) == {0.0}


def test_a_new_sla_keeps_every_evaluation(folder: Path, tmp_path: Path) -> None:
    """Goals are no part of what was measured."""
    search = "{strategy: random, budget: {pipelines: 6}}"
    first = explore(folder, tmp_path, search)
    listener = Listener()
    second = explore(folder, tmp_path, search, listener, more="sla: {latency_p95: 1 s}")
    assert second.explored == first.explored
    assert second.provenance.calls_made == first.provenance.calls_made


def test_a_study_that_moves_to_another_host_times_the_stages_again_and_calls_nothing(
    folder: Path, tmp_path: Path
) -> None:
    """Answers hold everywhere; seconds do not, and those of different hosts never mix. Only a finalist that the old
    host did not have is asked the fresh questions."""
    search = "{strategy: random, budget: {pipelines: 6, minutes: 10}}"
    first = explore(folder, tmp_path, search, host="the old one")
    listener = Listener()
    second = explore(folder, tmp_path, search, listener, host="the new one")
    assert any("host" in phase for phase in listener.phases)
    fresh = {one.pipeline for one in second.confirmed} - {one.pipeline for one in first.confirmed}
    assert second.provenance.calls_made - first.provenance.calls_made <= 10 * len(fresh)
    assert [one.pipeline for one in second.explored] == [one.pipeline for one in first.explored]
    for old, new in zip(first.explored, second.explored, strict=True):
        assert (old.scores, old.failures) == (new.scores, new.failures)
        assert old.seconds != new.seconds
    assert StudyFolder(tmp_path).results("the old one").explored == first.explored
    assert StudyFolder(tmp_path).results().provenance.host == "the new one"


def test_a_host_that_was_never_timed_is_named_with_those_that_were(folder: Path, tmp_path: Path) -> None:
    """The message says which hosts there are."""
    explore(folder, tmp_path, "{strategy: random, budget: {pipelines: 2}}", host="known")
    with pytest.raises(InputError, match=r"--host must be one that .* given: 'unknown', valid: 'known'"):
        StudyFolder(tmp_path).results("unknown")


def test_an_objective_that_is_new_to_a_study_is_scored_from_its_ledger(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pipelines that were tried before there was such a measure are scored by it: only new finalists make calls."""
    search = "{strategy: grid, budget: {pipelines: 6}}"
    before = explore(folder, tmp_path, search)
    precision = RankingMeasure("precision", "P@1")
    known: Registry[Measure] = Registry("measure", "no.group", lambda: (*MEASURES, precision), lambda entry: None)
    monkeypatch.setattr(import_module("tradespace.evals.measures"), "_REGISTRY", known)
    after = explore(folder, tmp_path, search, objectives="{precision: maximize}")
    confirmed_anew = {each.pipeline for each in after.confirmed} - {each.pipeline for each in before.confirmed}
    assert after.provenance.calls_made - before.provenance.calls_made <= CONFIRM * len(confirmed_anew)
    assert all("precision" in evaluation.scores for evaluation in (*after.explored, *after.confirmed))
    assert [evaluation.pipeline for evaluation in after.explored] == [each.pipeline for each in before.explored]
