"""HTTP connections of the load generator: kept alive, one request at a time on each, and cheap.

Every millisecond of its own is one that the server on the same machine lacks: a request takes 0.3 ms of a core here,
and 1 ms with httpx (`bench/load/generator.py`). httptools, which parses the replies, is what uvicorn parses with.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

import httptools

from tradespace.serving.load_generator.target import LoadTarget

LARGEST_BODY = 64 * 2**20
"""Bytes of a reply that are read."""
IDLE_SECONDS = 2.0
"""How long a connection may lie idle to be used again: servers close them, uvicorn after five seconds."""


class CutOffError(OSError):
    """A connection ended before the reply did."""


class NoHttpError(OSError):
    """What came is no HTTP, or has no end."""


@dataclass(frozen=True, slots=True)
class HttpReply:
    """A whole reply.

    Attributes:
        finished: when its last byte was read, by `time.perf_counter`.
    """

    status: int
    body: bytes
    finished: float


class ClientConnection(asyncio.Protocol):
    """A connection to a server, for one request after the other."""

    def __init__(self) -> None:
        self.idle_since = time.perf_counter()
        self._waiting: asyncio.Future[HttpReply] | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._body = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection stands."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """What is waited for will not come."""
        self._fail(CutOffError("the connection was closed before the reply was whole"))

    @property
    def is_usable(self) -> bool:
        """Whether a further request may be sent on it."""
        return not self._transport.is_closing() and time.perf_counter() - self.idle_since < IDLE_SECONDS

    def ask(self, request: bytes) -> asyncio.Future[HttpReply]:
        """Send a request. The future raises `CutOffError` or `NoHttpError` where no whole reply comes."""
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._waiting

    def close(self) -> None:
        """End the connection; a reply that is waited for is given up."""
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Read on."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(NoHttpError(f"the reply is no HTTP ({error})"))
            self.close()

    def on_message_begin(self) -> None:
        """A reply begins."""
        self._body = bytearray()

    def on_body(self, body: bytes) -> None:
        """A piece of the reply."""
        self._body += body
        if len(self._body) > LARGEST_BODY:
            self._fail(NoHttpError(f"the reply has more than {LARGEST_BODY:,} bytes"))
            self.close()

    def on_message_complete(self) -> None:
        """The reply is whole."""
        self.idle_since = time.perf_counter()
        if self._waiting and not self._waiting.done():
            self._waiting.set_result(HttpReply(self._parser.get_status_code(), bytes(self._body), self.idle_since))
        if not self._parser.should_keep_alive():
            self._transport.close()

    def _fail(self, error: OSError) -> None:
        if self._waiting and not self._waiting.done():
            self._waiting.set_exception(error)


class ConnectionPool:
    """Connections to one server, as many as there are requests under way."""

    def __init__(self, target: LoadTarget) -> None:
        self._target = target
        self._idle: list[ClientConnection] = []

    async def ask(self, request: bytes) -> HttpReply:
        """Send a request and wait for the whole reply.

        Raises:
            OSError: there is no connection, it was cut off, or what came is no HTTP.
        """
        connection = self._idle_one() or await self._connected()
        try:
            reply = await connection.ask(request)
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)
        return reply

    def close(self) -> None:
        """End all connections that lie idle."""
        while self._idle:
            self._idle.pop().close()

    def _idle_one(self) -> ClientConnection | None:
        """The connection that was used last, for those below it are older; what can't be used again is let go."""
        while self._idle:
            if (connection := self._idle.pop()).is_usable:
                return connection
            connection.close()
        return None

    async def _connected(self) -> ClientConnection:
        _, connection = await asyncio.get_running_loop().create_connection(
            ClientConnection, self._target.host, self._target.port, ssl=self._target.encrypted or None
        )
        return connection
