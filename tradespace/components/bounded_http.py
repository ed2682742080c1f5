"""A limit on the bytes of a reply, compressed and unfolded, for every HTTP client that a component uses.

A compressed reply can unfold to a thousand times its size, or, compressed twice, to a million times. The hooks of
https://www.python-httpx.org/advanced/event-hooks/ see a reply before its body: here the body is read, within the limit.
"""

from __future__ import annotations

import inspect
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from functools import cached_property
from importlib import import_module
from typing import Any

from tradespace.errors import ComponentError

LARGEST_REPLY = 64 * 2**20
"""Bytes: some 30 completions of 10,000 tokens, each with its log-probability."""
ENCODING = "gzip"
"""The compression that servers are told is accepted."""
DEEPEST_CLIENT = 4
"""Objects that a client may be wrapped in, as providers' packages do."""


class OversizedReplyError(ComponentError):
    """A reply is larger than `LARGEST_REPLY`: asking again would not help."""

    def __init__(self) -> None:
        limit = f"{LARGEST_REPLY / 2**20:g} MiB"
        super().__init__(f"a reply must be at most {limit}, also after decompression; the server sent more")


def bound_clients(made: object) -> None:
    """Bound the replies to every HTTP client (httpx, or a fork of it) that an object holds."""
    for client in _clients(made, DEEPEST_CLIENT):
        client.headers["Accept-Encoding"] = ENCODING
        hooks = client.event_hooks["response"]
        hook = read_bounded_async if inspect.iscoroutinefunction(client.send) else read_bounded
        if hook not in hooks:
            hooks.append(hook)


def read_bounded(response: Any) -> None:
    """Read a reply's body.

    Raises:
        OversizedReplyError: it is too large.
    """
    content = bytearray()
    for chunk in response.iter_raw():
        _append(content, chunk)
    _put_back(response, bytes(content))


async def read_bounded_async(response: Any) -> None:
    """Read the body of a reply to an asynchronous client.

    Raises:
        OversizedReplyError: it is too large.
    """
    content = bytearray()
    async for chunk in response.aiter_raw():
        _append(content, chunk)
    _put_back(response, bytes(content))


def is_event_stream(response: Any) -> bool:
    """Whether a reply comes event by event, uncompressed: then it may be read as it comes (`bounded_lines`)."""
    kind, encoding = (response.headers.get(name, "") for name in ("content-type", "content-encoding"))
    return kind.startswith("text/event-stream") and encoding in {"", "identity"}


async def read_bounded_but_events(response: Any) -> None:
    """Read the body of a reply to an asynchronous client, unless it is to be read event by event.

    Raises:
        OversizedReplyError: it is too large.
    """
    if not is_event_stream(response):
        await read_bounded_async(response)


async def bounded_lines(response: Any) -> AsyncIterator[str]:
    """The lines of a reply as they come, without their ends.

    Raises:
        OversizedReplyError: together they are too large.
    """
    begun: list[bytes] = []
    read = 0
    async for chunk in response.aiter_raw():
        read += len(chunk)
        if read > LARGEST_REPLY:
            raise OversizedReplyError
        begun.append(chunk)
        if b"\n" in chunk:
            *lines, rest = b"".join(begun).split(b"\n")
            begun = [rest]
            for line in lines:
                yield line.decode(errors="replace").rstrip("\r")
    yield b"".join(begun).decode(errors="replace")


def unfolded(content: bytes, encodings: list[str]) -> bytes:
    """Undo compressions, the last one first; what is not compressed is returned as it is.

    Raises:
        OversizedReplyError: it unfolds to too much.
        ComponentError: it is compressed in another way than with gzip or deflate, or damaged.
    """
    for encoding in reversed([encoding for encoding in encodings if encoding not in {"", "identity"}]):
        if encoding not in {"gzip", "x-gzip", "deflate"}:
            raise ComponentError(f"a reply must be compressed with gzip, or not at all; the server chose {encoding!r}")
        content = _inflated(content)
    return content


def _clients(made: object, depth: int) -> Iterator[Any]:
    _make_clients(made)
    for value in list(getattr(made, "__dict__", {}).values()):
        if isinstance(getattr(value, "event_hooks", None), dict) and hasattr(value, "send"):
            yield value
        elif depth > 1:
            yield from _clients(value, depth - 1)


def _make_clients(made: object) -> None:
    """Make those that a class makes when they are first asked for; they are kept in its `__dict__` then."""
    lazy = {
        name for base in type(made).__mro__ for name, value in vars(base).items() if isinstance(value, cached_property)
    }
    for name in lazy:
        if "client" in name:
            with suppress(Exception):  # a client that cannot be made is told of when it is used
                getattr(made, name)


def _append(content: bytearray, chunk: bytes) -> None:
    if len(content) + len(chunk) > LARGEST_REPLY:
        raise OversizedReplyError
    content += chunk


def _inflated(content: bytes) -> bytes:
    gzip_or_zlib = zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        whole = gzip_or_zlib.decompress(content, LARGEST_REPLY + 1)
    except zlib.error as error:
        raise ComponentError(f"a reply is compressed and damaged: {error}") from None
    if len(whole) > LARGEST_REPLY:
        raise OversizedReplyError
    return whole


def _put_back(response: Any, content: bytes) -> None:
    """Let others read the body as if it had just come, and had never been compressed."""
    encodings = response.headers.get("content-encoding", "").lower().split(",")
    library = import_module(type(response).__module__)
    response.stream = library.ByteStream(unfolded(content, [encoding.strip() for encoding in encodings]))
    response.headers.pop("content-encoding", None)
    response.is_closed = response.is_stream_consumed = False
