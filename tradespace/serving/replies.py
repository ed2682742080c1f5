"""What the server sends back: JSON, and problems in the form that clients of OpenAI's interface read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response


def json_reply(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A response that carries a value as JSON. Numbers that JSON has not are refused, not written."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Response(text.encode(), status, headers, media_type="application/json")


def problem(
    status: int, code: str, message: str, *, headers: Mapping[str, str] | None = None, close: bool = False
) -> Response:
    """A response that says what went wrong: in a word for programs, such as `overloaded`, and in a sentence for people.
    `close` ends the connection.
    """
    kind = "invalid_request_error" if status < 500 else "server_error"
    error = {"message": message, "type": kind, "param": None, "code": code}
    return json_reply({"error": error}, status, {**(headers or {}), **({"Connection": "close"} if close else {})})
