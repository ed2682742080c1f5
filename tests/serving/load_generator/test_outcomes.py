"""Why there is no reply, in a word."""

from __future__ import annotations

import errno
import json

import pytest

from tradespace.serving.load_generator.client_connections import CutOffError, HttpReply, NoHttpError
from tradespace.serving.load_generator.outcomes import unanswered_status, with_reply
from tradespace.serving.load_generator.record import RequestRecord

BEGUN = RequestRecord(1.0, 1.1, 0.0, "", "a")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (TimeoutError(), "timed out"),
        (CutOffError("the connection was closed"), "cut off"),
        (NoHttpError("no HTTP"), "no HTTP"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connect call failed"), "no connection: Connection refused"),
        (OSError("Multiple exceptions"), "no connection"),
        (OSError(errno.EMFILE, "Too many open files"), "not sent: too many open files here"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, OSError) else None,
)
def test_why_there_is_no_reply(error: OSError, status: str) -> None:
    """What is the generator's own fault isn't told as the server's."""
    assert unanswered_status(error) == status


@pytest.mark.parametrize(
    ("code", "body", "status"),
    [
        (200, b"{}", "200"),
        (200, b"<html>", "200 no JSON"),
        (200, b'"text"', "200"),
        (502, b"<html>", "502"),
        (503, json.dumps({"error": {"code": "overloaded"}}).encode(), "503 overloaded"),
        (503, json.dumps({"error": "overloaded"}).encode(), "503"),
        (500, b'["error"]', "500"),
    ],
)
def test_what_a_reply_comes_to(code: int, body: bytes, status: str) -> None:
    """Its status, with the server's word where it has one; whatever else the body is."""
    ended = with_reply(BEGUN, HttpReply(code, body, 12.5), origin=10.0)
    assert (ended.status, ended.finished) == (status, 2.5)


@pytest.mark.parametrize(
    "spans", [None, 3, [], ["x"], [{"queue_seconds": "1"}]], ids=["null", "number", "none", "texts", "text"]
)
def test_spans_of_another_form_are_passed_over(spans: object) -> None:
    """Other servers may call anything so."""
    ended = with_reply(BEGUN, HttpReply(200, json.dumps({"spans": spans}).encode(), 12.5), origin=10.0)
    assert (ended.queued, ended.served) == (None, None)
