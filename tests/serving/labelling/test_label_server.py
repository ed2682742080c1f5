"""The page to label on is for this machine and for who knows its address; each label is stored at once."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from tests.serving.answering import answering
from tradespace.errors import InputError
from tradespace.explorer.labelling.board import LabelBoard
from tradespace.explorer.storage.labels import AskedAnswer, MeasureLabels
from tradespace.explorer.storage.study import StudyFolder
from tradespace.serving.labelling import LabelServer
from tradespace.serving.loopback import PAGE_FILES, PAGE_HEADERS, PAGE_POLICY

EVIL = "<script>alert(1)</script>"
PAGE = Path(__file__).parents[3] / "tradespace" / "serving" / "labelling"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LabelServer]:
    """A page with three answers, served until the test ends."""
    study = StudyFolder(tmp_path)
    asked = [
        AskedAnswer(key=f"a{place}", place=place, question_id="q", question=EVIL, answer=f"answer {place}")
        for place in range(3)
    ]
    labels = MeasureLabels(drawn=(0, 1, 2)).with_answers(asked).with_policy("Yes if the same is meant.")
    study.change_labels(lambda stored: stored.changed("right", labels))
    with answering(LabelServer(LabelBoard(study, "right", "ann"))) as running:
        yield running


def asked(
    server: LabelServer, method: str, what: str, body: Any = None, **changed: str
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and content of a reply; `changed` are headers, and the token."""
    token = changed.pop("token", server.token)
    headers = {"Content-Type": "application/json", **{name.replace("_", "-"): value for name, value in changed.items()}}
    connection = HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    connection.request(method, f"/{token}/{what}", content if method == "POST" else None, headers)
    reply = connection.getresponse()
    found = reply.status, dict(reply.getheaders()), reply.read()
    connection.close()
    return found


def said(server: LabelServer) -> dict[str, float | None]:
    return {key: answer.said for key, answer in server.board.labels.asked.items()}


def test_a_label_is_stored_at_once(server: LabelServer) -> None:
    """By whom, and by which policy; another by the same person takes its place."""
    assert asked(server, "POST", "label", {"key": "a1", "value": 1})[2] == b'{"open": 2}'
    assert said(server) == {"a0": None, "a1": 1.0, "a2": None}
    asked(server, "POST", "label", {"key": "a1", "value": 0})
    (label,) = server.board.labels.asked["a1"].labels
    assert (label.value, label.by, label.policy) == (0, "ann", 0)


def test_a_skipped_answer_is_no_label(server: LabelServer) -> None:
    """And what was said of it before does not count any more."""
    asked(server, "POST", "label", {"key": "a0", "value": 1})
    assert asked(server, "POST", "label", {"key": "a0", "value": None})[0] == 200
    assert server.board.labels.asked["a0"].skipped
    assert said(server)["a0"] is None


def test_whoever_comes_back_goes_on(server: LabelServer) -> None:
    """The page is told what this person said, and not what others did."""
    asked(server, "POST", "label", {"key": "a0", "value": 1})
    LabelBoard(server.board.study, "right", "bob").say("a1", 0)
    shown = json.loads(asked(server, "GET", "answers")[2])
    assert [answer["value"] for answer in shown["answers"]] == [1, None, None]
    assert (shown["measure"], shown["policy"]) == ("right", "Yes if the same is meant.")


@pytest.mark.parametrize("what", [*PAGE_FILES, "answers"])
def test_the_page_may_load_nothing_from_elsewhere(server: LabelServer, what: str) -> None:
    """Each reply carries the policy that forbids it, and none is kept."""
    status, headers, content = asked(server, "GET", what)
    assert (status, len(content) > 0) == (200, True)
    assert headers.items() >= {**PAGE_HEADERS, "Content-Security-Policy": PAGE_POLICY}.items()


def test_what_data_say_is_shown_as_text() -> None:
    """The page sets texts, never markup; and has neither scripts nor styles of its own in it."""
    script, html = (PAGE / "page.js").read_text(), (PAGE / "page.html").read_text()
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", script)
    assert not re.search(r"<script(?![^>]*src=)|<style| style=| on\w+=", html)


@pytest.mark.parametrize(
    "changed",
    [{"token": "guess"}, {"token": ""}, {"Host": "evil.example:80"}],
    ids=["another token", "no token", "another name"],
)
def test_others_find_nothing(server: LabelServer, changed: dict[str, str]) -> None:
    """Neither who guesses the address, nor another site whose name leads here."""
    assert asked(server, "GET", "answers", **changed)[0] == 404
    assert asked(server, "POST", "label", {"key": "a0", "value": 1}, **changed)[0] == 404
    assert said(server)["a0"] is None


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ({"key": "zz", "value": 1}, {}),
        ({"key": "a0", "value": 2}, {}),
        ({"key": "a0"}, {}),
        (b"{", {}),
        ({"key": "a0", "value": 1}, {"Content_Type": "text/plain"}),
        ({"key": "a" * 20_000, "value": 1}, {}),
    ],
    ids=["unknown", "no label", "nothing said", "no JSON", "what a form sends", "too long"],
)
def test_what_is_no_label_is_refused(server: LabelServer, body: Any, headers: dict[str, str]) -> None:
    """And changes nothing."""
    assert asked(server, "POST", "label", body, **headers)[0] == 400
    assert set(said(server).values()) == {None}


def test_other_paths_are_not_there(server: LabelServer) -> None:
    """No file but those of the page can be asked for."""
    for what in ("../server.py", "server.py", "page.html/", "label"):
        assert asked(server, "GET", what)[0] == 404
    assert asked(server, "POST", "answers", {})[0] == 404


def test_the_page_ends_the_server(tmp_path: Path) -> None:
    """When somebody says that they have finished."""
    with LabelServer(LabelBoard(StudyFolder(tmp_path), "right")) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        assert asked(server, "POST", "end", {})[0] == 200
        thread.join(timeout=10)
        assert not thread.is_alive()


def test_a_port_that_is_taken_is_told(server: LabelServer) -> None:
    """With what to do."""
    with pytest.raises(InputError, match="--port must be free"):
        LabelServer(server.board, server.server_port)
