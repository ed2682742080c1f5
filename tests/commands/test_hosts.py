"""`--host` chooses whose timings count."""

from __future__ import annotations

from pathlib import Path

from tests.commands.conftest import Run
from tradespace.explorer.storage.study import StudyFolder


def test_show_and_report_use_the_timings_of_a_host(run: Run, study: Path, tmp_path: Path) -> None:
    """That of the last exploration unless told otherwise; the conditions of its timings are said."""
    host = StudyFolder(study).manifest().provenance.host
    shown = run("show", study, "--host", host)
    assert shown.code == 0
    assert f"Stages were timed on {host}" in shown.out
    assert run("report", study, "--host", host, "--output", tmp_path / "report.html").code == 0
    assert "How long is the tail?" in (tmp_path / "report.html").read_text()


def test_a_host_that_was_never_timed_is_refused_with_those_that_were(run: Run, study: Path) -> None:
    """There is nothing to show of it."""
    ran = run("show", study, "--host", "elsewhere")
    assert ran.code == 2
    assert repr(StudyFolder(study).manifest().provenance.host) in ran.err
