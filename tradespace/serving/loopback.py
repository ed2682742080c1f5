"""Pages for one person on this machine: served on loopback, to whoever knows an address with a random token in it.

A page loads nothing from elsewhere. Another site that the same browser has open learns and changes nothing: it does not
know the token, finds nothing under another name for this machine (DNS rebinding), and no form of it can send JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from hmac import compare_digest
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from secrets import token_urlsafe
from socketserver import TCPServer
from typing import ClassVar

from tradespace.errors import InputError

LOOPBACK = "127.0.0.1"
PAGE_FILES: Mapping[str, tuple[str, str]] = {
    "": ("page.html", "text/html; charset=utf-8"),
    "page.js": ("page.js", "text/javascript; charset=utf-8"),
    "page.css": ("page.css", "text/css; charset=utf-8"),
}
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PAGE_HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
MOST_BODY_BYTES = 10_000
READER_IDLE_SECONDS = 60


class LoopbackServer(ThreadingHTTPServer):
    """The server of one page. `serve_forever` serves until `shutdown`.

    Args:
        request: answers what is asked for.
        port: 0 for any that is free.
        option: by which the command line names the port.

    Raises:
        InputError: the port is taken.
    """

    daemon_threads = True

    def __init__(self, request: type[LoopbackRequest], port: int = 0, option: str = "--port") -> None:
        try:
            super().__init__((LOOPBACK, port), request)
        except OSError as error:
            raise InputError(
                f"{option} must be free on this machine; given: {port} ({error.strerror or error}). Choose another, or "
                "0 for any that is free"
            ) from None
        self.token = token_urlsafe(16)

    def server_bind(self) -> None:
        """Bind, without asking a name server what this machine is called."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = LOOPBACK, int(self.server_address[1])

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://{LOOPBACK}:{self.server_port}/{self.token}/"


class LoopbackRequest(BaseHTTPRequestHandler):
    """Answers what is asked of one page; a subclass says what there is beside the files of the page.

    Class attributes:
        folder: of the page's files.
    """

    folder: ClassVar[Path]
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "Tradespace", ""
    timeout = READER_IDLE_SECONDS
    server: LoopbackServer

    def gets(self) -> Mapping[str, Callable[[], None]]:
        """What can be read, by its name behind the token, and what sends it."""
        return {}

    def posts(self) -> Mapping[str, Callable[[bytes], None]]:
        """What can be done, by its name behind the token, and what does it, given the JSON that was sent."""
        return {}

    def do_GET(self) -> None:
        what = self._what()
        send = None if what is None else {**self._files(), **self.gets()}.get(what)
        if send is None:
            self.refuse(HTTPStatus.NOT_FOUND)
        else:
            send()

    def do_POST(self) -> None:
        what, body = self._what(), self._body()
        act = None if what is None else self.posts().get(what)
        if act is None:
            self.refuse(HTTPStatus.NOT_FOUND)
        elif body is None:
            self.refuse(HTTPStatus.BAD_REQUEST)
        else:
            act(body)

    def _files(self) -> dict[str, Callable[[], None]]:
        return {what: partial(self._send_file, *file) for what, file in PAGE_FILES.items()}

    def _send_file(self, name: str, kind: str) -> None:
        self.send_content((self.folder / name).read_bytes(), kind)

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

    def refuse(self, status: HTTPStatus) -> None:
        """Say no, and nothing else."""
        self.send_content(status.phrase.encode(), "text/plain; charset=utf-8", status)

    def send_json(self, value: object, status: HTTPStatus = HTTPStatus.OK) -> None:
        """Send a value as JSON."""
        self.send_content(json.dumps(value).encode(), "application/json", status)

    def send_content(
        self, content: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK, policy: str = PAGE_POLICY
    ) -> None:
        """Send anything, with what it may load by the content security policy."""
        told = {"Content-Security-Policy": policy, "Content-Type": kind, "Content-Length": str(len(content))}
        self.send_response(status)
        for name, value in {**PAGE_HEADERS, **told}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse what is no request, and methods that there are not; what else was sent is not read."""
        self.close_connection = True
        self.refuse(HTTPStatus(code))

    def log_message(self, *_arguments: object) -> None:
        """Nothing is logged: the address holds the token."""
