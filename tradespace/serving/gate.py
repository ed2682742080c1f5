"""What stands before the routes: the key, and the size of a request. Both are checked before a body is looked at."""

from __future__ import annotations

import hmac
import re
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tradespace.serving.replies import problem

UNGUARDED = ("/health", "/ready")
"""What a supervisor asks, who has no key; it tells nothing else."""


THIS_MACHINE_S_NAMES = re.compile(rb"(localhost|127(\.\d+){3}|\[::1\])?(:\d+)?")
"""What a request for this machine names as its host. A web page elsewhere that has its name lead here names itself."""


class Gate:
    """ASGI middleware that lets through what has the key, and a body of at most so many bytes, read whole.

    Args:
        key: what `Authorization: Bearer` must carry; where it is empty, anybody on this machine may ask.
    """

    def __init__(self, app: ASGIApp, key: str, most_bytes: int) -> None:
        self._app = app
        self._authorization = f"Bearer {key}".encode() if key else b""
        self._most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection of the ASGI protocol."""
        if scope["type"] != "http" or scope["path"] in UNGUARDED:
            return await self._app(scope, receive, send)
        headers = dict(scope["headers"])
        if self._authorization and not hmac.compare_digest(headers.get(b"authorization", b""), self._authorization):
            return await _unauthorized()(scope, receive, send)
        if not self._authorization and not THIS_MACHINE_S_NAMES.fullmatch(headers.get(b"host", b"")):
            return await _forbidden()(scope, receive, send)
        body = await self._body(headers, receive)
        if body is None:
            return await self._too_large()(scope, receive, send)
        return await self._app(scope, _replaying(body, receive), send)

    async def _body(self, headers: dict[bytes, bytes], receive: Receive) -> bytes | None:
        """The whole body; None where it is too large, which its headers may say before it comes."""
        stated = headers.get(b"content-length", b"0")
        if not stated.isdigit() or int(stated) > self._most_bytes:
            return None
        body = bytearray()
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self._most_bytes:
                return None
        return bytes(body)

    def _too_large(self) -> Response:
        said = f"a request may have at most {self._most_bytes:,} bytes; send a shorter question"
        return problem(413, "request_too_large", said, close=True)


def _unauthorized() -> Response:
    said = "send the server's key, as the header `Authorization: Bearer KEY`"
    return problem(401, "invalid_api_key", said, headers={"WWW-Authenticate": "Bearer"}, close=True)


def _forbidden() -> Response:
    said = "without a key, only requests for this machine by its own name, such as localhost, are answered"
    return problem(403, "foreign_host", said, close=True)


def _replaying(body: bytes, receive: Receive) -> Receive:
    """Gives the body that was read, in one piece, and then what else comes."""
    whole: list[Any] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return whole.pop() if whole else await receive()

    return replay
