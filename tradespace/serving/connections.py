"""Connections that may not be held for nothing: who sends too slowly, or too much before the body, is let go."""

from __future__ import annotations

import asyncio
import resource

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

READ_SECONDS = 10.0
"""From a connection, or the first byte of a further request on it, to the end of the request."""
MOST_HEADER_BYTES = 64 * 1024
SPARE_FILES = 256
"""Open files that connections leave to replicas, logs and indexes."""
_REFUSAL = b"HTTP/1.1 %s\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class GuardedConnection(HttpToolsProtocol):
    """uvicorn's connection with a time limit for requests, a size limit for their headers, and a limit for how many
    connections there are: as many as this process may have files."""

    _timer: asyncio.TimerHandle | None = None
    _header_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the request, but not for long."""
        super().connection_made(transport)
        self._started()
        if len(self.connections) > resource.getrlimit(resource.RLIMIT_NOFILE)[0] - SPARE_FILES:
            self._refuse(b"503 Service Unavailable")

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._ended()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless the headers have no end."""
        self._header_bytes += len(data)
        super().data_received(data)
        if self._timer and not self._in_body and self._header_bytes > MOST_HEADER_BYTES:
            self._refuse(b"431 Request Header Fields Too Large")

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        if self._timer is None:
            self._started()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """From here on, the size of the body counts, which the application checks."""
        self._in_body = True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The last byte of a request."""
        self._ended()
        super().on_message_complete()

    def _started(self) -> None:
        self._header_bytes, self._in_body = 0, False
        self._timer = self.loop.call_later(READ_SECONDS, self._refuse, b"408 Request Timeout")

    def _ended(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _refuse(self, status: bytes) -> None:
        self._ended()
        if not self.transport.is_closing():
            self.transport.write(_REFUSAL % status)
            self.transport.close()


def allow_many_connections() -> None:
    """Let this process have as many open files as it may ever have; the usual limit is far below."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
