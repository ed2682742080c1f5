"""A real server in a thread, of an application that a test brings."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
import uvicorn

Answering = Callable[[dict[str, Any], dict[str, str]], Awaitable[tuple[int, Any]]]
"""From a request's JSON and its headers to a status and the JSON of a reply."""
Serve = Callable[..., str]


def application(answering: Answering, path: str) -> Any:
    """An ASGI application that answers requests to one path."""

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        status, content = await answering(json.loads(body), headers) if scope["path"] == path else (404, {})
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps(content).encode()})

    return app


@contextmanager
def served(app: Any) -> Iterator[str]:
    """The URL at which an application is served on this machine, until the block ends."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="off", log_level="error", timeout_graceful_shutdown=1))
    started = threading.Event()

    async def run() -> None:
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        started.set()
        await serving

    thread = threading.Thread(target=asyncio.run, args=[run()], daemon=True)
    thread.start()
    assert started.wait(30)
    (listening,) = server.servers[0].sockets
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serve what answers a question, and give its URL."""
    with ExitStack() as stack:
        yield lambda answering, path="/v1/answers": stack.enter_context(served(application(answering, path)))
