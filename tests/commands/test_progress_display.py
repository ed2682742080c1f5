"""The display of a running exploration says what was tried, the best so far, and the time left."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from tradespace.commands import progress_display
from tradespace.commands.progress_display import Display, status_lines
from tradespace.explorer.progress import Status
from tradespace.explorer.results import Evaluation, QuestionSet
from tradespace.search_space.goals import Goals, Objective, ServiceLevel

BEST = Evaluation("bm25() >> sentence()", "", QuestionSet.EXPLORE, {}, {})
GOALS = Goals((Objective("answer_f1", maximize=True),), ServiceLevel("latency_p95", 0.1))
STATUS = Status(
    tried=24,
    possible=1500,
    exact=True,
    goals=GOALS,
    kept=3,
    best=BEST,
    best_figures={"answer_f1": 0.712, "latency_p95": 0.0451},
    failures=0,
    calls_asked=4000,
    calls_made=1000,
    seconds_left=61.4,
)


def test_a_status_is_told_in_words() -> None:
    """Counts with separators, figures with units, and the notation that can be copied."""
    assert status_lines(STATUS) == [
        "24 pipelines tried, of 1,500, 61 s left",
        "1,000 calls made for 4,000 asked",
        "best so far: answer F1 0.712, 95th-percentile latency 45.1 ms with bm25() >> sentence()",
    ]


def test_that_nothing_keeps_the_sla_is_said() -> None:
    """As is that questions failed, and that a space is endless."""
    lines = status_lines(replace(STATUS, best=None, kept=0, failures=3, possible=None, seconds_left=None))
    assert lines[0] == "24 pipelines tried, of infinitely many"
    assert "none of them keeps the SLA of 100 ms so far" in lines
    assert lines[-1].startswith("3 questions failed")


def test_a_bound_that_is_not_at_fault_is_not_blamed() -> None:
    """Without an SLA, or where pipelines keep it, what is missing is a figure."""
    for status in (replace(STATUS, best=None, goals=replace(GOALS, sla=None)), replace(STATUS, best=None)):
        assert status_lines(status)[-1] == "none of them has a figure for every objective so far"


def test_nothing_is_blamed_before_a_pipeline_was_tried() -> None:
    """A search may have asked some of the questions only."""
    assert status_lines(replace(STATUS, tried=0, best=None, kept=0))[-1] == "none was asked all questions so far"


def test_an_estimated_size_is_no_count() -> None:
    """A large space is not walked through: how many pipelines its constraints leave is estimated."""
    assert status_lines(replace(STATUS, exact=False))[0] == "24 pipelines tried, of about 1,500, 61 s left"


def test_without_a_terminal_there_are_plain_lines() -> None:
    """No control characters reach a file; a warning comes once."""
    out = io.StringIO()
    with Display(Console(file=out, width=200)) as display:
        display.phase("Searching")
        display.searching(STATUS)
        display.warn(["no gold", "no gold"])
    assert "\x1b" not in out.getvalue()
    assert out.getvalue().count("no gold") == 1
    assert "24 pipelines tried, of 1,500" in out.getvalue()


def test_on_a_terminal_the_display_is_live() -> None:
    """The phase and the status are drawn in place."""
    out = io.StringIO()
    with Display(Console(file=out, width=120, force_terminal=True)) as display:
        display.phase("Searching")
        display.searching(STATUS)
    assert "Searching" in out.getvalue()
    assert "24 pipelines tried" in out.getvalue()


def test_what_goes_on_is_told_after_a_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """On paper a line every ten seconds; on a terminal at once."""
    paper, terminal = io.StringIO(), io.StringIO()
    now = [1000.0]
    monkeypatch.setattr(progress_display.time, "monotonic", lambda: now[0])
    display = Display(Console(file=paper, width=200))
    display.phase("Searching")
    display.working("opening dense()")
    now[0] += 11
    display.working("opening [x]bm25()")
    display.working("opening maxsim()")
    assert paper.getvalue().splitlines() == ["Searching …", "  opening [x]bm25()"]
    with Display(Console(file=terminal, force_terminal=True, width=200)) as shown:
        shown.phase("Planning")
        shown.working("opening dense()")
    assert "opening dense()" in terminal.getvalue()
