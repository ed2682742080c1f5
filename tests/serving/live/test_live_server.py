"""The page of an exploration under way is for who knows its address, and disturbs no measurement."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving.answering import answering
from tests.serving.labelling.test_label_server import asked
from tradespace.serving.live import LiveBoard, LiveServer
from tradespace.serving.live import server as module
from tradespace.serving.live.server import REPORT_POLICY
from tradespace.serving.loopback import PAGE_FILES, PAGE_HEADERS, PAGE_POLICY
from tradespace.undisturbed import undisturbed, wait_for_measurements

PAGE = Path(module.__file__).parent


@pytest.fixture
def stops() -> list[str]:
    """How often it was asked to stop."""
    return []


@pytest.fixture
def server(stops: list[str]) -> Iterator[LiveServer]:
    """The page of a run that has just begun."""
    with answering(
        LiveServer(LiveBoard("small", "studies/small/report.html"), lambda: stops.append("stop"))
    ) as running:
        yield running


def test_the_page_is_told_how_far_it_is(server: LiveServer) -> None:
    """What it is at, and which report is the newest."""
    server.board.phase, server.board.lines = "Searching", ("4 pipelines tried, of 80",)
    server.board.publish(b"<p>first</p>")
    server.board.publish(b"<p>second</p>")
    told = json.loads(asked(server, "GET", "progress")[2])
    assert told.items() >= {"name": "small", "phase": "Searching", "report": 2, "ended": False}.items()
    assert told["lines"] == ["4 pipelines tried, of 80"]
    assert re.fullmatch(r"\d\d:\d\d:\d\d", told["time"])
    assert asked(server, "GET", "report")[2] == b"<p>second</p>"


def test_there_is_no_report_before_the_first(server: LiveServer) -> None:
    """Nothing was evaluated yet."""
    assert json.loads(asked(server, "GET", "progress")[2])["report"] == 0
    assert asked(server, "GET", "report")[0] == 404


@pytest.mark.parametrize("what", [*PAGE_FILES, "progress", "report"])
def test_neither_page_nor_report_may_load_anything_from_elsewhere(server: LiveServer, what: str) -> None:
    """The report has its scripts in it, and may stand in this page alone."""
    server.board.publish(b"<p>report</p>")
    status, headers, content = asked(server, "GET", what)
    policy = REPORT_POLICY if what == "report" else PAGE_POLICY
    assert (status, len(content) > 0) == (200, True)
    assert headers.items() >= {**PAGE_HEADERS, "Content-Security-Policy": policy}.items()
    assert "default-src 'none'" in policy


@pytest.mark.parametrize(
    "changed",
    [{"token": "guess"}, {"token": ""}, {"Host": "evil.example:80"}],
    ids=["another token", "no token", "another name"],
)
def test_strangers_neither_see_nor_stop_it(server: LiveServer, stops: list[str], changed: dict[str, str]) -> None:
    """Neither who guesses the address, nor another site whose name leads here."""
    server.board.publish(b"<p>report</p>")
    for what in ("", "page.js", "progress", "report"):
        assert asked(server, "GET", what, **changed)[0] == 404
    assert asked(server, "POST", "stop", {}, **changed)[0] == 404
    assert stops == []


def test_it_is_stopped_once_and_by_a_post_alone(server: LiveServer, stops: list[str]) -> None:
    """A link or an image leads nowhere; an impatient second click is none; and what is over is not stopped."""
    assert asked(server, "GET", "stop")[0] == 404
    assert asked(server, "POST", "stop", {}, Content_Type="text/plain")[0] == 400
    assert asked(server, "POST", "progress", {})[0] == 404
    assert stops == []
    assert [asked(server, "POST", "stop", {})[0] for _ in range(2)] == [200, 200]
    assert stops == ["stop"]
    assert json.loads(asked(server, "GET", "progress")[2])["stopping"]
    server.board.stopping, server.board.ended = False, True
    assert asked(server, "POST", "stop", {})[0] == 200
    assert stops == ["stop"]


def test_nothing_is_answered_while_something_is_measured(
    server: LiveServer, stops: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """But the wish to stop: answers would take time from what is measured."""
    arrived = threading.Event()

    def wait() -> None:
        arrived.set()
        wait_for_measurements()

    monkeypatch.setattr(module, "wait_for_measurements", wait)
    answers: list[int] = []
    reader = threading.Thread(target=lambda: answers.append(asked(server, "GET", "progress")[0]))
    with undisturbed():
        reader.start()
        assert arrived.wait(60)
        assert asked(server, "POST", "stop", {})[0] == 200
        assert (answers, stops) == ([], ["stop"])
    reader.join(60)
    assert answers == [200]


def test_who_watches_sees_the_end(server: LiveServer) -> None:
    """The last report, or that there is none, before the program ends; where nobody watches it ends at once."""
    server.wait_for_reader()
    server.board.ended = True
    asked(server, "GET", "progress")
    assert server.seen_out.wait(60)
    server.seen_out.clear()
    server.board.publish(b"<p>last</p>")
    asked(server, "GET", "progress")
    assert not server.seen_out.is_set()
    asked(server, "GET", "report")
    assert server.seen_out.wait(60)
    server.wait_for_reader()


def test_what_data_say_is_shown_as_text() -> None:
    """The page sets texts, never markup; and has neither scripts nor styles of its own in it."""
    script, html = (PAGE / "page.js").read_text(), (PAGE / "page.html").read_text()
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", script)
    assert not re.search(r"<script(?![^>]*src=)|<style| style=| on\w+=", html)
