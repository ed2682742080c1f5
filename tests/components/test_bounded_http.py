"""A reply is read up to a limit, as it comes and unfolded, by every HTTP client that a component uses."""

from __future__ import annotations

import asyncio
import gzip
import threading
import zlib
from collections.abc import Callable, Iterator
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import httpx
import pytest

from tradespace.components import bounded_http
from tradespace.components.bounded_http import OversizedReplyError, bound_clients, unfolded
from tradespace.errors import ComponentError

TEXT = b'{"text": "fine"}'
LIMIT = 100_000
REPLIES = {
    "/plain": (TEXT, ""),
    "/gzip": (gzip.compress(TEXT), "gzip"),
    "/deflate": (zlib.compress(TEXT), "deflate"),
    "/twice": (gzip.compress(gzip.compress(TEXT)), "gzip, gzip"),
    "/large": (b"x" * (LIMIT + 1), ""),
    "/unfolds": (gzip.compress(bytes(1000 * LIMIT)), "gzip"),
    "/unfolds-twice": (gzip.compress(gzip.compress(bytes(1000 * LIMIT))), "gzip, gzip"),
}
FITTING = ("/plain", "/gzip", "/deflate", "/twice")


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        content, encoding = REPLIES[self.path]
        self.send_response(200)
        self.send_header("Content-Encoding", encoding)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet."""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A server that compresses, asked to or not."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def got(url: str) -> bytes:
    """What a client within the objects of somebody else's package reads."""
    with httpx.Client() as client:
        bound_clients(SimpleNamespace(sdk=SimpleNamespace(client=client)))
        return client.get(url).content


def got_asynchronously(url: str) -> bytes:
    """What an asynchronous one reads."""

    async def get() -> bytes:
        async with httpx.AsyncClient() as client:
            bound_clients(SimpleNamespace(client=client))
            return (await client.get(url)).content

    return asyncio.run(get())


@pytest.mark.parametrize("get", [got, got_asynchronously])
@pytest.mark.parametrize("path", FITTING)
def test_a_reply_that_fits_is_read_unfolded(url: str, path: str, get: Callable[[str], bytes]) -> None:
    """However it was compressed."""
    assert get(url + path) == TEXT


@pytest.mark.parametrize("get", [got, got_asynchronously])
@pytest.mark.parametrize("path", sorted(REPLIES.keys() - set(FITTING)))
def test_a_reply_that_does_not_fit_is_refused(
    url: str, path: str, get: Callable[[str], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By what was sent, or by what it unfolds to; it is not unfolded further than to the limit."""
    monkeypatch.setattr(bounded_http, "LARGEST_REPLY", LIMIT)
    with pytest.raises(OversizedReplyError, match="at most"):
        get(url + path)


def test_what_unfolds_is_cut_off_at_the_limit() -> None:
    """Compressed once or twice, it takes the memory of one reply."""
    bomb = bytes(2 * bounded_http.LARGEST_REPLY)
    twice = gzip.compress(gzip.compress(bomb, 1), 1)
    with pytest.raises(OversizedReplyError):
        unfolded(twice, ["gzip", "gzip"])


@pytest.mark.parametrize(("content", "encoding"), [(b"nonsense", "gzip"), (TEXT, "br")])
def test_what_cannot_be_unfolded_is_told(content: bytes, encoding: str) -> None:
    """Damage, and compressions that nobody asked for."""
    with pytest.raises(ComponentError, match="compressed"):
        unfolded(content, [encoding])


class Lazy:
    """Makes its client when it is first asked for, as Anthropic's package does."""

    @cached_property
    def _client(self) -> httpx.Client:
        return httpx.Client()

    @cached_property
    def _broken_client(self) -> httpx.Client:
        raise ValueError("no key")


def test_a_client_that_is_made_later_is_bound(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that cannot be made is no fault before it is used."""
    monkeypatch.setattr(bounded_http, "LARGEST_REPLY", LIMIT)
    lazy = Lazy()
    bound_clients(lazy)
    with pytest.raises(OversizedReplyError), lazy._client as client:
        client.get(f"{url}/large")


def test_a_client_is_bound_once(url: str) -> None:
    """Packages share clients between their objects."""
    with httpx.Client() as client:
        for _ in range(3):
            bound_clients(SimpleNamespace(client=client))
        assert len(client.event_hooks["response"]) == 1
        assert client.get(f"{url}/gzip").request.headers["Accept-Encoding"] == "gzip"
