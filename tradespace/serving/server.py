"""Running the server: from a bound port to the end, which comes in good order when it is asked for."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import ipaddress
import logging
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import uvicorn

from tradespace.errors import InputError
from tradespace.serving.adaptation.live import AdaptationPlan, ServerAdapter
from tradespace.serving.app import create_app
from tradespace.serving.connections import GuardedConnection, allow_many_connections
from tradespace.serving.dispatcher import Dispatcher
from tradespace.serving.locations import PassageLocations
from tradespace.serving.metrics import ServerMetrics
from tradespace.serving.served_study import ServedStudy
from tradespace.serving.server_settings import ServerSettings

KEEP_ALIVE_SECONDS = 30
NOTICE_SECONDS = 1.0
"""In which clients notice that this server ends: what they send until then is refused, and not cut off."""
LAST_SECONDS = 5
"""For responses that are being sent when everything has been answered."""


def bound_socket(host: str, port: int, key: str) -> socket.socket:
    """A socket that is bound to an address, but does not listen yet.

    Raises:
        InputError: the address is taken or none of this machine's, or others could reach it and no key is demanded.
    """
    if not key and not _is_loopback(host):
        raise InputError(
            f"--host {host} can be reached from other machines, so a key must be demanded: set TRADESPACE_SERVE_KEY, "
            "which clients send as `Authorization: Bearer KEY`. Or keep to --host 127.0.0.1"
        )
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except OSError as error:
        raise InputError(
            f"{host}:{port} must be a free address of this machine; given: one where nothing can be served "
            f"({error.strerror or error}). Choose another --port, or 0 for any that is free"
        ) from None
    return bound


def _is_loopback(host: str) -> bool:
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


@dataclass(frozen=True)
class ServedTotals:
    """What a server did until its end.

    Attributes:
        requests: by what became of them.
        ended_well: whether everything that was accepted was answered.
    """

    requests: Mapping[str, int]
    ended_well: bool

    def __str__(self) -> str:
        known = [f"{number:,} {outcome.replace('_', ' ')}" for outcome, number in self.requests.items() if number]
        served = f"Requests: {', '.join(known)}." if known else "Nobody asked anything."
        return served if self.ended_well else f"{served} It ended before all that it had accepted was answered."


class PipelineServer(uvicorn.Server):
    """uvicorn, ended in good order by the first signal and at once by the second.

    Attributes:
        ended_well: whether everything that was accepted has been answered.
    """

    def __init__(self, config: uvicorn.Config, dispatcher: Dispatcher, drain_seconds: float) -> None:
        super().__init__(config)
        self.ended_well = True
        self._dispatcher = dispatcher
        self._drain_seconds = drain_seconds
        self._draining: asyncio.Task[None] | None = None

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Handle signals in the event loop, in uvicorn's place."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._asked_to_end)
        try:
            yield
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)

    def _asked_to_end(self) -> None:
        if self._draining:
            self.ended_well = not self._dispatcher.in_flight
            self._draining.cancel()
            self.should_exit = self.force_exit = True
        else:
            self._draining = asyncio.create_task(self._drain())

    async def _drain(self) -> None:
        self.ended_well = await self._dispatcher.drain(self._drain_seconds)
        await asyncio.sleep(NOTICE_SECONDS)
        self.should_exit = True


def run_server(
    study: ServedStudy,
    bound: socket.socket,
    settings: ServerSettings,
    ready: Callable[[], None],
    plan: AdaptationPlan | None = None,
) -> ServedTotals:
    """Serve a study until a signal ends it, and adapt it as a plan says.

    `ready` is called once, when all replicas are open.

    Raises:
        ComponentError: a component could not be opened.
    """
    _log_to_stderr()
    allow_many_connections()
    with asyncio.Runner(loop_factory=uvicorn.Config("", log_config=None).get_loop_factory()) as runner:
        return runner.run(_serve(study, bound, settings, ready, plan))


async def _serve(
    study: ServedStudy,
    bound: socket.socket,
    settings: ServerSettings,
    ready: Callable[[], None],
    plan: AdaptationPlan | None,
) -> ServedTotals:
    metrics = ServerMetrics()
    dispatcher = Dispatcher(study.setup, study.configuration, settings, metrics, study.hedges)
    adapter = ServerAdapter(plan, dispatcher) if plan else None
    locations = PassageLocations(study.setup)
    app = create_app(study.name, dispatcher, metrics, settings, locations=locations, adapter=adapter)
    server = PipelineServer(_uvicorn_config(app), dispatcher, settings.drain_seconds)
    serving = asyncio.create_task(server.serve(sockets=[bound]))
    opening = asyncio.create_task(dispatcher.open())
    try:
        await asyncio.wait([serving, opening], return_when=asyncio.FIRST_COMPLETED)
        if opening.done():
            await opening
            gc.collect()
            gc.freeze()  # what stays as long as the server is not looked at again, while requests wait
            ready()
            await _served(serving, adapter)
    finally:
        opening.cancel()
        server.should_exit = server.force_exit = True
        await asyncio.gather(serving, return_exceptions=True)
        await dispatcher.close()
    return ServedTotals(metrics.totals(), server.ended_well)


async def _served(serving: asyncio.Task[None], adapter: ServerAdapter | None) -> None:
    """Serve to the end, and adapt meanwhile.

    Raises:
        InputError: what was chosen cannot be served.
    """
    adapting = asyncio.create_task(adapter.run()) if adapter else None
    try:
        await asyncio.wait([serving, *([adapting] if adapting else [])], return_when=asyncio.FIRST_COMPLETED)
        if adapting and adapting.done():
            adapting.result()
        await serving
    finally:
        if adapting:
            adapting.cancel()


def _uvicorn_config(app: object) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        http=GuardedConnection,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=LAST_SECONDS,
    )


def _log_to_stderr() -> None:
    """Show what the server has to say of itself."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    log = logging.getLogger("tradespace.serving")
    log.handlers[:] = [handler]
    log.setLevel(logging.INFO)
    log.propagate = False
