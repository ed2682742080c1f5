"""Clients that ask again as soon as they are answered: what a server can do, when nobody waits."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from tradespace.explorer.arrays import Floats


@dataclass(frozen=True, slots=True)
class Route:
    """Where a server is asked, and how.

    Attributes:
        path: of the route.
        body: of the request for a question.
    """

    path: str
    body: Callable[[str], Mapping[str, Any]]


TRADESPACE = Route("/v1/answers", lambda question: {"question": question})
LITSERVE = Route("/predict", lambda question: {"question": question})
LANGSERVE = Route("/pipeline/invoke", lambda question: {"input": question})


class Client:
    """One connection that is kept open."""

    def __init__(self, url: str, route: Route, timeout: float = 60.0) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=timeout)
        self._route = route

    def ask(self, question: str) -> dict[str, Any]:
        """The reply.

        Raises:
            RuntimeError: the server refused; it is quoted.
        """
        body = json.dumps(self._route.body(question))
        self._connection.request("POST", self._route.path, body, {"Content-Type": "application/json"})
        response = self._connection.getresponse()
        text = response.read()
        if response.status != http.client.OK:
            raise RuntimeError(f"{self._route.path} answered {response.status}: {text[:500]!r}")
        reply: dict[str, Any] = json.loads(text)
        return reply

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


@dataclass(frozen=True)
class Asked:
    """Questions that were asked, and how long it took.

    Attributes:
        seconds: of each, in their order.
        replies: of each.
        wall: seconds of all together.
    """

    seconds: Floats
    replies: tuple[dict[str, Any], ...]
    wall: float

    @property
    def throughput(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.wall


def ask_all(url: str, route: Route, questions: Sequence[str], at_once: int = 1) -> Asked:
    """Ask questions over so many connections, each as soon as it is free."""
    clients = [Client(url, route) for _ in range(at_once)]
    start = time.perf_counter()
    with ThreadPoolExecutor(at_once) as threads:
        parts = list(threads.map(lambda place: _in_turn(clients[place], questions[place::at_once]), range(at_once)))
    wall = time.perf_counter() - start
    for client in clients:
        client.close()
    in_order = sorted(
        ((place + at_once * number, row) for place, part in enumerate(parts) for number, row in enumerate(part)),
        key=lambda pair: pair[0],
    )
    return Asked(np.array([row[0] for _, row in in_order]), tuple(row[1] for _, row in in_order), wall)


def _in_turn(client: Client, questions: Sequence[str]) -> list[tuple[float, dict[str, Any]]]:
    rows = []
    for question in questions:
        start = time.perf_counter()
        reply = client.ask(question)
        rows.append((time.perf_counter() - start, reply))
    return rows
