"""More clients than a server takes, all at the same moment."""

from __future__ import annotations

import asyncio
import json
import resource
from collections import Counter
from urllib.parse import urlsplit

from bench.load.clients import TRADESPACE

TIMEOUT = 120.0
SPARE_FILES = 100


def flood(url: str, connections: int) -> Counter[str]:
    """Open so many connections, ask one question on each, and count how they were answered: by the status, `503
    without Retry-After`, or the error that a client would see.

    Raises:
        ValueError: this process may not open as many.
    """
    _allow_files(connections + SPARE_FILES)
    return asyncio.run(_flood(url, connections))


async def _flood(url: str, connections: int) -> Counter[str]:
    body = json.dumps(TRADESPACE.body("any")).encode()
    host = urlsplit(url).netloc
    head = f"POST {TRADESPACE.path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
    request = f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body
    address = urlsplit(url)
    asked = [_status(address.hostname or "", address.port or 80, request) for _ in range(connections)]
    return Counter(await asyncio.gather(*asked))


async def _status(host: str, port: int, request: bytes) -> str:
    try:
        async with asyncio.timeout(TIMEOUT):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                writer.write(request)
                reply = await reader.read()
            finally:
                writer.close()
    except OSError as error:
        return type(error).__name__
    words = reply.split(b" ", 2)
    status = words[1].decode() if len(words) > 2 else "closed without an answer"
    return status if status != "503" or b"retry-after" in reply.lower() else "without Retry-After: 503"


def _allow_files(wanted: int) -> None:
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if allowed < wanted:
        if most != resource.RLIM_INFINITY and most < wanted:
            raise ValueError(f"{wanted:,} files must be open at once; this process may open {most:,}: see ulimit -Hn")
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
