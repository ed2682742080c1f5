"""An exploration is watched on a page while it goes on, and stopped there."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from tests.commands.conftest import Run
from tests.commands.test_progress_display import STATUS
from tests.explorer.test_crash import SPACE, write_space
from tests.processes import without_coverage
from tradespace.commands.entry import Exit
from tradespace.commands.live import LiveProgress, TimeShare
from tradespace.commands.progress_display import Display
from tradespace.explorer.storage.study import StudyFolder
from tradespace.serving.live import LiveBoard

ENDLESS = SPACE.replace("k1: [0.6, 0.9, 1.2, 1.5]", "k1: {from: 0.6, to: 1.5}").replace(
    "search: {strategy: {tpe: {}}, budget: {pipelines: 60}, seed: 3, batch: 4}",
    "search: {strategy: random, budget: {minutes: 60}}",
)
Found = TypeVar("Found")


def eventually(find: Callable[[], Found | None]) -> Found:
    """What is found in the end, however slow the machine is; a run that hangs is given up after minutes."""
    end = time.monotonic() + 300
    while time.monotonic() < end:
        if found := find():
            return found
        time.sleep(0.05)
    raise AssertionError("it never came")


class Watcher:
    """Somebody who was given the address of a page."""

    def __init__(self, url: str) -> None:
        match = re.fullmatch(r"http://127\.0\.0\.1:(\d+)/([\w-]+)/", url)
        assert match
        self.port, self.token = int(match[1]), match[2]

    def ask(self, what: str, method: str = "GET", token: str = "", host: str = "") -> tuple[int, bytes]:
        """Status and content of a reply."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=300)
        headers = {"Content-Type": "application/json", **({"Host": host} if host else {})}
        path = f"/{token or self.token}/{what}"
        connection.request(method, path, b"{}" if method == "POST" else None, headers)
        reply = connection.getresponse()
        found = reply.status, reply.read()
        connection.close()
        return found

    def progress(self) -> dict[str, object]:
        """What the page is told."""
        status, content = self.ask("progress")
        assert status == 200
        return dict(json.loads(content))

    def last_report(self, kept: Path) -> bytes | None:
        """The report of a run that is over, from its page, or from its folder if the page is gone; else None."""
        try:
            return self.ask("report")[1] if self.progress()["ended"] else None
        except ConnectionError:
            return kept.read_bytes()


@pytest.mark.crash
def test_a_run_is_watched_and_stopped_as_ctrl_c_stops_it(tmp_path: Path) -> None:
    """The page has the results so far; strangers have nothing. What was stored is kept, and the report is written."""
    space = write_space(tmp_path)
    space.write_text(ENDLESS)
    printed, study = tmp_path / "printed", tmp_path / "study"
    command = [sys.executable, "-m", "tradespace", "explore", str(space), "--study", str(study), "--live"]
    with printed.open("w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=without_coverage(), cwd=tmp_path)
    try:
        (url,) = eventually(lambda: re.findall(r"Live page: (\S+/)\n", printed.read_text()))
        watcher = Watcher(url)
        told = eventually(lambda: progress if (progress := watcher.progress())["report"] else None)
        assert (told["name"], told["path"]) == ("crash", str(study / "report.html"))
        assert "bm25(" in watcher.ask("report")[1].decode()
        for status, _ in (
            watcher.ask("report", token="guess"),
            watcher.ask("stop", "POST", token="guess"),
            watcher.ask("stop", "POST", host="evil.example"),
            watcher.ask("stop"),
            watcher.ask("../study.json"),
        ):
            assert status == 404
        assert process.poll() is None
        assert watcher.ask("stop", "POST")[0] == 200
        last = eventually(lambda: watcher.last_report(study / "report.html"))
        assert process.wait(300) == Exit.INTERRUPTED
    finally:
        process.kill()
        process.wait()
    assert (study / "report.html").read_bytes() == last
    assert f"Report: {study / 'report.html'}" in printed.read_text()
    results = StudyFolder(study).results()
    assert results.explored
    assert results.provenance.interrupted


def test_a_run_that_nobody_watches_ends_as_ever(run: Run, tmp_path: Path) -> None:
    """Its page is told where it is, and gone when it is over."""
    space = write_space(tmp_path)
    space.write_text(ENDLESS.replace("minutes: 60", "pipelines: 4"))
    ran = run("explore", space, "--study", tmp_path / "study", "--live")
    assert ran.code in (Exit.DONE, Exit.FAILED), ran.err  # of four pipelines, perhaps none is good enough
    (url,) = re.findall(r"Live page: (\S+/)\n", ran.out)
    with pytest.raises(ConnectionRefusedError):
        Watcher(url).progress()
    assert (tmp_path / "study" / "report.html").exists()
    assert re.search(r"Reports for the live page took \d+\.\d% of the time\.", ran.out)


def test_a_port_that_is_taken_is_told(run: Run, space: Path, tmp_path: Path) -> None:
    """Before anything is explored."""
    from socket import create_server

    with create_server(("127.0.0.1", 0)) as taken:
        ran = run("explore", space, "--study", tmp_path / "study", "--live-port", taken.getsockname()[1])
    assert ran.code == Exit.INPUT
    assert "--live-port must be free on this machine" in ran.err
    assert not (tmp_path / "study" / "study.json").exists()


@given(st.lists(st.integers(0, 10_000), max_size=50), st.integers(1, 1000), st.floats(0.01, 0.5))
def test_reports_take_their_share_of_the_time_at_most(gaps: list[int], cost: int, share: float) -> None:
    """After the first, which is made at once, whatever else takes how long."""
    now = 0
    ration = TimeShare(share, clock=lambda: now)
    for gap in gaps:
        now += gap
        if ration.is_due:
            with ration.spending():
                now += cost
        assert cost <= ration.spent <= max(cost, share * now)


class TestTheBoard:
    """What the page is told of a run, beside its display."""

    def watched(self, *reports: str | Exception | None) -> tuple[LiveProgress, io.StringIO]:
        """A run whose reports come to this, with as much time for them as they like."""
        made = iter(reports)

        def render() -> str | None:
            report = next(made)
            if isinstance(report, Exception):
                raise report
            return report

        printed = io.StringIO()
        display = Display(Console(file=printed, width=200))
        return LiveProgress(display, LiveBoard("n", "report.html"), render, TimeShare(1e9)), printed

    def test_it_has_what_the_display_has(self) -> None:
        """Phases, what is done, how far it is, and warnings, each once."""
        live, printed = self.watched("<p>first</p>")
        live.phase("Searching")
        live.working("building an index")
        assert (live.board.phase, live.board.doing, live.board.report.number) == ("Searching", "building an index", 0)
        live.searching(STATUS)
        live.warn(["odd", "odd"])
        live.warn(["odd"])
        assert live.board.lines[0].startswith("24 pipelines tried")
        assert live.board.warnings == ("odd",)
        assert (live.board.report.number, live.board.report.html) == (1, b"<p>first</p>")
        assert printed.getvalue().count("odd") == 1
        assert "Searching" in printed.getvalue()
        assert "24 pipelines tried" in printed.getvalue()

    def test_a_report_is_made_anew_where_there_is_something_new(self) -> None:
        """What was put off for want of time is made up for in the next phase; a phase alone changes nothing."""
        now = 0
        live, _ = self.watched("<p>first</p>", "<p>second</p>")
        live.share = TimeShare(0.05, clock=lambda: now)
        live.searching(STATUS)
        live.phase("Confirming")
        assert live.board.report.number == 1
        live.share.last = 1.0
        live.searching(STATUS)
        assert live.board.report.number == 1
        now = 20
        live.phase("Profiling")
        assert (live.board.report.number, live.board.report.html) == (2, b"<p>second</p>")

    def test_there_is_no_report_of_nothing(self) -> None:
        """Where nothing was evaluated yet."""
        live, _ = self.watched(None)
        live.searching(STATUS)
        assert live.board.report.number == 0

    def test_a_report_that_cannot_be_made_ends_nothing(self) -> None:
        """The page says why, keeps the last one, and shows the next."""
        live, _ = self.watched("<p>first</p>", ValueError("no figure"), "<p>third</p>")
        live.searching(STATUS)
        live.searching(STATUS)
        assert live.board.problem == "The report of the results so far could not be made: no figure"
        assert live.board.report.html == b"<p>first</p>"
        live.searching(STATUS)
        assert (live.board.problem, live.board.report.html) == ("", b"<p>third</p>")

    def test_it_stops_where_nothing_interrupts(self) -> None:
        """As in the background of a shell script, which ignores Ctrl-C: before the next batch. Then the report is
        written."""
        live, _ = self.watched()
        live.board.stopping = True
        with pytest.raises(KeyboardInterrupt):
            live.searching(STATUS)
        live.share.last = 1e12
        live.phase("Writing the report")
        assert live.board.phase == "Writing the report"
