"""What a reply says, and what it means that there is none."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tradespace.serving.load_generator.client_connections import CutOffError, HttpReply, NoHttpError
from tradespace.serving.load_generator.record import ANSWERED, RequestRecord

TIMED_OUT, NOT_CONNECTED, CUT_OFF, NO_HTTP = "timed out", "no connection", "cut off", "no HTTP"
TOO_MANY_FILES = "not sent: too many open files here"
"""The generator's own fault: more requests are under way than this process may have connections."""
UNREADABLE = f"{ANSWERED} no JSON"


def with_reply(begun: RequestRecord, reply: HttpReply, origin: float) -> RequestRecord:
    """A request with its reply: the status with the server's word for a problem, and seconds by the server's account.

    Args:
        begun: the request, as it was sent.
        reply: what came.
        origin: when the load began, by `time.perf_counter`.
    """
    finished, status = reply.finished - origin, str(reply.status)
    try:
        content = json.loads(reply.body)
    except ValueError:
        return replace(begun, finished=finished, status=UNREADABLE if status == ANSWERED else status)
    if status != ANSWERED:
        return replace(begun, finished=finished, status=f"{status} {_problem_word(content)}".rstrip())
    queued, served = _server_seconds(content)
    return replace(begun, finished=finished, status=status, queued=queued, served=served)


def unanswered_status(error: OSError) -> str:
    """A word for why there is no reply."""
    match error:
        case TimeoutError():
            return TIMED_OUT
        case CutOffError():
            return CUT_OFF
        case NoHttpError():
            return NO_HTTP
        case OSError(errno=errno.EMFILE | errno.ENFILE):
            return TOO_MANY_FILES
        case _:
            return f"{NOT_CONNECTED}: {os.strerror(error.errno)}" if error.errno else NOT_CONNECTED


def _problem_word(content: Any) -> str:
    """`error.code` of OpenAI's interface; empty where there is none."""
    error = content.get("error") if isinstance(content, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, str) else ""


def _server_seconds(content: Any) -> tuple[float | None, float | None]:
    """Seconds queued and served, summed over the spans of a reply of Tradespace's server."""
    spans = content.get("spans") if isinstance(content, dict) else None
    known = [span for span in spans if isinstance(span, dict)] if isinstance(spans, list) else []
    return _sum([span.get("queue_seconds") for span in known]), _sum([span.get("service_seconds") for span in known])


def _sum(numbers: Sequence[Any]) -> float | None:
    known = [float(number) for number in numbers if isinstance(number, int | float)]
    return sum(known) if known else None
