"""Works are timed in turns, again where the machine was disturbed, until their figure is sure enough."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain, cycle, pairwise, repeat
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.explorer.storage.base import Ledger
from tradespace.explorer.storage.databases import open_ledger
from tradespace.explorer.storage.entries import Timing
from tradespace.explorer.storage.timing_keys import CALIBRATION
from tradespace.explorer.timing import quiet
from tradespace.explorer.timing.calibration import Calibration
from tradespace.explorer.timing.quiet import (
    SETTLED,
    TRIES,
    WARM_UP,
    Effort,
    known,
    relative_half_width,
    sampled,
    time_works,
)
from tradespace.explorer.timing.stopwatch import WorkItem

ONCE = Effort(rounds=1, seconds=60)
QUESTIONS = [f"q{n}" for n in range(6)]


class Machine:
    """Stands where the calibration does: drifts as it is told, the last one for good."""

    def __init__(self, drifts: Sequence[float]) -> None:
        self.drifts = list(drifts)
        self.reference = 0.001

    def __call__(self, references: Sequence[float]) -> Machine:
        return self

    def observe(self) -> float:
        return self.reference

    def drift(self) -> float:
        return self.drifts.pop(0) if len(self.drifts) > 1 else self.drifts[0]


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return open_ledger(tmp_path / "ledger.sqlite")


@pytest.fixture
def done() -> Counter[str]:
    """How often each question was worked on."""
    return Counter()


def works(done: Counter[str], key: str = "stage", questions: Sequence[str] = QUESTIONS) -> list[WorkItem]:
    def work(question: str) -> WorkItem:
        return WorkItem(key, question, lambda: done.update([question]))

    return [work(question) for question in questions]


def on(monkeypatch: pytest.MonkeyPatch, *drifts: float) -> None:
    monkeypatch.setattr(quiet, "Calibration", Machine(drifts))


def test_each_question_is_timed_after_a_warm_up(
    ledger: Ledger, done: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The warm-up is of the stage setting, once for all its questions."""
    on(monkeypatch, 1.0)
    time_works(ledger, "here", works(done), "latency_p95", ONCE)
    assert done.total() >= WARM_UP + len(QUESTIONS)
    assert known(ledger, "here", works(done)).keys() == set(works(done))


def test_what_the_ledger_has_is_not_timed_again(
    ledger: Ledger, done: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A work is timed once per host, whichever pipeline asks for it."""
    on(monkeypatch, 1.0)
    time_works(ledger, "here", works(done), "latency_p95", ONCE)
    before = done.total()
    time_works(ledger, "here", works(done), "latency_p95", ONCE)
    assert done.total() == before
    time_works(ledger, "there", works(done), "latency_p95", ONCE)
    assert done.total() > before
    assert not {timing.host for timing in ledger.timings(["stage"], "there")} - {"there"}


def test_a_disturbed_run_is_repeated_and_does_not_count(
    ledger: Ledger, done: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both runs are kept; what is known rests on the quiet one."""
    on(monkeypatch, 1.0, 3.0, 1.0)
    time_works(ledger, "here", works(done, questions=["q"]), "latency_p95", ONCE)
    first, *later = ledger.timings(["stage"], "here")
    assert (first.conditions["disturbed"], first.conditions["drift"]) == (1, 3.0)
    assert later
    ((_, found),) = known(ledger, "here", works(done, questions=["q"])).items()
    assert found.seconds in {timing.seconds for timing in later}
    assert found.runs > found.disturbed > 0


def test_a_machine_that_is_slower_between_works_than_alone_is_quiet(
    ledger: Ledger, done: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The calibration is compared with its runs after work: what work itself does to caches and cores is no
    disturbance, and no run is repeated."""
    seconds = cycle([0.0060, 0.0064, 0.0057, 0.0062])  # alone 0.0043
    monkeypatch.setattr(quiet, "Calibration", lambda references: Calibration(references, lambda: next(seconds)))
    time_works(ledger, "here", works(done), "latency_p95", ONCE)
    assert {(found.runs, found.disturbed) for found in known(ledger, "here", works(done)).values()} == {(1, 0)}


def test_a_machine_that_gets_busy_is_disturbed(
    ledger: Ledger, done: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its runs are repeated until it is quiet again."""
    seconds = chain(repeat(0.006, SETTLED + 1), repeat(0.009, 2), repeat(0.006))
    monkeypatch.setattr(quiet, "Calibration", lambda references: Calibration(references, lambda: next(seconds)))
    time_works(ledger, "here", works(done, questions=["q"]), "latency_p95", ONCE)
    (found,) = known(ledger, "here", works(done, questions=["q"])).values()
    assert (found.runs, found.disturbed) == (3, 2)


def test_a_machine_that_was_quicker_in_earlier_sessions_is_disturbed(
    ledger: Ledger, done: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However steady the load is now."""
    ledger.record([Timing("here", CALIBRATION, "", 0.006, {})])
    monkeypatch.setattr(quiet, "Calibration", lambda references: Calibration(references, lambda: 0.009))
    time_works(ledger, "here", works(done), "latency_p95", ONCE)
    assert {found.runs - found.disturbed for found in known(ledger, "here", works(done)).values()} == {0}


def test_a_machine_that_is_never_quiet_ends_the_tries_and_is_told(
    ledger: Ledger, done: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Repeats are bounded, and the figure says that it rests on disturbed runs alone."""
    on(monkeypatch, 2.0)
    time_works(ledger, "here", works(done), "latency_p95", ONCE)
    for found in known(ledger, "here", works(done)).values():
        assert found.runs == found.disturbed == TRIES
        assert found.drift == 2.0


def test_nothing_is_repeated_when_the_time_is_up(
    ledger: Ledger, done: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every work is timed once all the same."""
    on(monkeypatch, 2.0)
    time_works(ledger, "here", works(done), "latency_p95", Effort(rounds=5, seconds=0))
    assert {found.runs for found in known(ledger, "here", works(done)).values()} == {1}


def test_repeating_takes_no_longer_than_it_is_worth(
    ledger: Ledger, done: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A multiple of what it took to time every work once: here nothing at all."""
    on(monkeypatch, 2.0)
    time_works(ledger, "here", works(done), "latency_p95", Effort(rounds=5, repeats=0))
    assert {found.runs for found in known(ledger, "here", works(done)).values()} == {1}


def test_an_unsure_figure_is_timed_again_up_to_the_rounds(
    ledger: Ledger, done: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One run says nothing of how it scatters, so that there are two at least where time is left."""
    on(monkeypatch, 1.0)
    time_works(ledger, "here", works(done), "latency_p95", Effort(rounds=4, width=0.0))
    assert {found.runs - found.disturbed for found in known(ledger, "here", works(done)).values()} <= {3, 4}
    time_works(ledger, "here", works(done, "other"), "latency_p95", Effort(rounds=4, width=1e9))
    assert {found.runs for found in known(ledger, "here", works(done, "other")).values()} == {2}


def test_work_that_raises_has_no_time_and_stops_nobody(
    ledger: Ledger, done: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is left out of what is known."""

    def fail() -> None:
        raise ValueError("no")

    on(monkeypatch, 1.0)
    both = [WorkItem("fails", "q", fail), *works(done)]
    time_works(ledger, "here", both, "latency_p95", Effort(rounds=2))
    assert known(ledger, "here", both).keys() == set(works(done))


def test_each_session_leaves_its_reference(ledger: Ledger, done: Counter[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A later one on this host compares with it."""
    on(monkeypatch, 1.0)
    time_works(ledger, "here", works(done), "latency_p95", ONCE)
    (reference,) = ledger.timings([CALIBRATION], "here")
    assert reference.seconds == 0.001


def test_conditions_are_written_down_with_each_run(
    ledger: Ledger, done: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One request at a time, and how busy the machine was."""
    on(monkeypatch, 1.0)
    time_works(ledger, "here", works(done), "latency_p95", ONCE)
    for timing in ledger.timings(["stage"], "here"):
        assert (timing.conditions["batch"], timing.conditions["concurrency"]) == (1, 1)
        assert timing.conditions.keys() >= {"load", "drift", "lost", "disturbed"}


def test_the_median_of_quiet_runs_is_what_counts() -> None:
    """Where none was quiet the fastest: a disturbance only ever adds."""
    runs = [
        Timing("h", "w", "q", seconds, {"disturbed": flag})
        for seconds, flag in ((1.0, 0), (3.0, 0), (99.0, 1), (90.0, 1))
    ]
    assert sampled(runs).seconds == 2.0
    assert (sampled(runs).runs, sampled(runs).disturbed) == (4, 2)
    assert sampled(runs[2:]).seconds == 90.0


@given(st.lists(st.floats(0.001, 1), min_size=2, max_size=30))
def test_runs_that_agree_leave_no_doubt(seconds: list[float]) -> None:
    """However much the questions differ: that is no scatter of the measurement."""
    assert relative_half_width([[one, one, one] for one in seconds], "latency_p95") == pytest.approx(0, abs=1e-12)
    assert relative_half_width([[one] for one in seconds], "latency_p95") == float("inf")


def test_doubt_is_as_wide_as_figures_scatter() -> None:
    """The naive reference measures everything anew a thousand times."""
    random = np.random.default_rng(0)
    true = np.linspace(0.01, 0.05, 24)

    def runs() -> np.ndarray:
        return true[:, None] * np.exp(random.normal(0, 0.1, (24, 3)))

    widths = [relative_half_width(runs().tolist(), "latency_p50") for _ in range(30)]
    figures = [np.quantile(np.median(runs(), axis=1), 0.5, method="inverted_cdf") for _ in range(1000)]
    low, middle, high = np.quantile(figures, [0.025, 0.5, 0.975])
    assert np.median(widths) == pytest.approx((high - low) / 2 / middle, rel=0.35)


def test_no_work_is_timed_right_after_itself(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server may still hold the prompt that it read last."""
    on(monkeypatch, 1.0)
    order: list[str] = []
    pair = [WorkItem("stage", name, lambda name=name: order.append(name)) for name in ("one", "other")]  # type: ignore[misc]
    time_works(ledger, "here", pair, "latency_p95", Effort(rounds=20, width=0.0, seconds=60))
    timed = order[-2 * 20 :]
    assert all(before != after for before, after in pairwise(timed))
