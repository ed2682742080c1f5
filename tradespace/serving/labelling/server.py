"""Serves the page on which people label answers.

It listens on loopback, and answers those alone who know its address, which holds a random token. The page loads nothing
from elsewhere, and shows what data and models wrote as text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hmac import compare_digest
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from secrets import token_urlsafe
from socketserver import TCPServer
from threading import Thread
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from tradespace.errors import InputError, TradespaceError
from tradespace.explorer.labelling.board import LabelBoard

LOOPBACK = "127.0.0.1"
PAGE_FILES: Mapping[str, tuple[str, str]] = {
    "": ("page.html", "text/html; charset=utf-8"),
    "page.js": ("page.js", "text/javascript; charset=utf-8"),
    "page.css": ("page.css", "text/css; charset=utf-8"),
}
PAGE_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
MOST_BODY_BYTES = 10_000
LABELLER_IDLE_SECONDS = 60


class SaidOfAnswer(BaseModel):
    """What the page sends: of which answer, and yes (1), no (0) or skipped (null)."""

    model_config = ConfigDict(extra="forbid")

    key: str
    value: Literal[0, 1] | None


class LabelServer(ThreadingHTTPServer):
    """The server of the page. `serve_forever` serves until somebody ends it, on the page or here.

    Args:
        board: what is labelled.
        port: 0 for any that is free.

    Raises:
        InputError: the port is taken.
    """

    daemon_threads = True

    def __init__(self, board: LabelBoard, port: int = 0) -> None:
        try:
            super().__init__((LOOPBACK, port), _LabelRequest)
        except OSError as error:
            raise InputError(
                f"--port must be free on this machine; given: {port} ({error.strerror or error}). Choose another, or 0 "
                "for any that is free"
            ) from None
        self.board = board
        self.token = token_urlsafe(16)

    def server_bind(self) -> None:
        """Bind, without asking a name server what this machine is called."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = LOOPBACK, int(self.server_address[1])

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://{LOOPBACK}:{self.server_port}/{self.token}/"

    def shown(self) -> dict[str, Any]:
        """What the page shows."""
        labels = self.board.labels
        return {
            "measure": self.board.measure,
            "policy": labels.policies[-1] if labels.policies else "",
            "answers": [
                {
                    "key": answer.key,
                    "question": answer.question,
                    "answer": answer.answer,
                    "references": answer.references,
                    "passages": answer.passages,
                    "value": self.board.own(answer),
                    "skipped": answer.skipped,
                }
                for answer in labels.asked.values()
            ],
        }


class _LabelRequest(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = LABELLER_IDLE_SECONDS
    server: LabelServer

    def do_GET(self) -> None:
        what = self._what()
        if what == "answers":
            self._send_json(self.server.shown())
        elif what is not None and what in PAGE_FILES:
            name, kind = PAGE_FILES[what]
            self._send((Path(__file__).parent / name).read_bytes(), kind)
        else:
            self._refuse(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        what, body = self._what(), self._body()
        if what not in ("label", "end"):
            self._refuse(HTTPStatus.NOT_FOUND)
        elif body is None:
            self._refuse(HTTPStatus.BAD_REQUEST)
        elif what == "end":
            self._send_json({})
            Thread(target=self.server.shutdown, daemon=True).start()  # it waits for the loop that waits for this
        else:
            self._label(body)

    def _label(self, body: bytes) -> None:
        try:
            said = SaidOfAnswer.model_validate_json(body)
            labels = self.server.board.say(said.key, said.value)
        except (ValidationError, KeyError):
            self._refuse(HTTPStatus.BAD_REQUEST)
        except (TradespaceError, OSError) as error:
            self._send_json({"problem": str(error)}, HTTPStatus.INTERNAL_SERVER_ERROR)
        else:
            self._send_json({"open": len(labels.open)})

    def _what(self) -> str | None:
        """What is asked for behind the token; None where the token is wrong, or the page was reached by another name:
        then it is another site that asks (DNS rebinding)."""
        parts = self.path.split("/", 2)
        hosts = {f"{name}:{self.server.server_port}" for name in (LOOPBACK, "localhost")}
        if len(parts) < 3 or self.headers.get("Host") not in hosts:
            return None
        return parts[2] if compare_digest(parts[1].encode(), self.server.token.encode()) else None

    def _body(self) -> bytes | None:
        """What was sent; None where it is no JSON, which no form of another site can send, or too long."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MOST_BODY_BYTES:
            self.rfile.read(min(int(length), 100 * MOST_BODY_BYTES) if length.isdecimal() else 0)
            self.close_connection = True
            return None
        content = self.rfile.read(int(length))
        return content if self.headers.get("Content-Type") == "application/json" else None

    def _refuse(self, status: HTTPStatus) -> None:
        self._send(status.phrase.encode(), "text/plain; charset=utf-8", status)

    def _send_json(self, value: object, status: HTTPStatus = HTTPStatus.OK) -> None:
        self._send(json.dumps(value).encode(), "application/json", status)

    def _send(self, content: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.send_response(status)
        for name, value in {**PAGE_HEADERS, "Content-Type": kind, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: object) -> None:
        """Nothing is logged: the address holds the token."""
