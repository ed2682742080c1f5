"""The load generator itself: what a request costs it, how late it is, and whether its intervals hold.

    python -m bench.load.generator

Beside it a client that most people would write, of httpx, sends the same requests at the same times to the same server,
a process that answers everything at once with 3 kB.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from numpy.typing import NDArray

from bench.page import table, write
from tradespace.evals.batch_means import serial_quantile
from tradespace.evals.statistics import Estimate, quantile
from tradespace.explorer.load.arrivals import first_arrivals
from tradespace.explorer.load.simulation import simulate
from tradespace.explorer.load.stations import Demand, OfferedRequests, ReplicaStation
from tradespace.search_space.deployment import Load
from tradespace.serving.load_generator.asking import Asking
from tradespace.serving.load_generator.generator import LoadGenerator
from tradespace.serving.load_generator.target import load_target
from tradespace.types import Question

PAGE = Path(__file__).parents[2] / "docs" / "load-testing.md"
RATE, REQUESTS = 100.0, 2000
QUESTION = Question("q", "Who wrote the first program?")
REPLY = b'{"answer": "' + b"x" * 3000 + b'"}'
RUNS, LENGTH, SETTLED = 400, 3000, 2000
LOADS, PROBABILITIES = (0.5, 0.8), (0.5, 0.95, 0.99)

Seconds = NDArray[np.float64]
Sent = Callable[[str, Sequence[float]], Awaitable[tuple[Seconds, Seconds]]]
"""Sends requests at their times, and gives their lags and latencies."""


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The server: as little as ASGI allows."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(REPLY))]})
    await send({"type": "http.response.body", "body": REPLY})


def main() -> None:
    """Measure, and write both tables."""
    arrivals = first_arrivals(Load(RATE), REQUESTS, seed=0).tolist()
    with _server() as url:
        rows = [_row(name, sent, url, arrivals) for name, sent in (("`tradespace load`", _own), ("httpx", _httpx))]
    write("generator", table(("client", "CPU per request", "lag p50", "lag p99", "latency p50"), rows), PAGE)
    columns = ("load", "quantile", "batch means", "width", "order statistics", "width ")
    write("intervals", table(columns, [_coverage(load, share) for load in LOADS for share in PROBABILITIES]), PAGE)


def _row(name: str, sent: Sent, url: str, arrivals: Sequence[float]) -> list[str]:
    before = time.process_time()
    lag, latency = asyncio.run(sent(url, arrivals))
    cpu = (time.process_time() - before) / len(arrivals)
    figures = (cpu, *np.quantile(lag, (0.5, 0.99)), np.median(latency))
    return [name, *(f"{figure * 1000:.2f} ms" for figure in figures)]


async def _own(url: str, arrivals: Sequence[float]) -> tuple[Seconds, Seconds]:
    record = await LoadGenerator(Asking(load_target(url)), arrivals, [QUESTION]).run()
    return record.lag, record.latency


async def _httpx(url: str, arrivals: Sequence[float]) -> tuple[Seconds, Seconds]:
    start = time.perf_counter() + 0.1
    times: list[tuple[float, float]] = []

    async def ask(client: httpx.AsyncClient, due: float) -> None:
        lag = time.perf_counter() - due
        (await client.post(f"{url}/v1/answers", json={"question": QUESTION.text})).raise_for_status().json()
        times.append((lag, time.perf_counter() - due))

    async with httpx.AsyncClient() as client, asyncio.TaskGroup() as tasks:
        for arrival in arrivals:
            await asyncio.sleep(max(0.0, start + arrival - time.perf_counter()))
            tasks.create_task(ask(client, start + arrival))
    lag, latency = np.array(times).T
    return lag, latency


@contextmanager
def _server() -> Iterator[str]:
    port = "18973"
    command = [sys.executable, "-m", "uvicorn", f"{__package__}.generator:app", "--port", port, "--log-level", "error"]
    with subprocess.Popen(command, cwd=Path(__file__).parents[2]) as process:
        url = f"http://127.0.0.1:{port}"
        try:
            _wait_for(url)
            yield url
        finally:
            process.terminate()


def _wait_for(url: str) -> None:
    for _ in range(100):
        try:
            httpx.get(url).raise_for_status()
            return
        except httpx.TransportError:
            time.sleep(0.1)
    sys.exit(f"no server came up at {url}")


def _coverage(load: float, probability: float) -> list[str]:
    """How often 95 % intervals of an M/M/1 queue hold the true quantile, and how wide they are in the median."""
    generator = np.random.default_rng(0)
    true = -np.log(1 - probability) / (1 - load)
    runs = [_queued(load, generator) for _ in range(RUNS)]
    cells = [f"{load:.0%}", f"p{probability * 100:g}"]
    for estimates in (
        [serial_quantile(run, probability) for run in runs],
        [quantile(run.tolist(), probability) for run in runs],
    ):
        cells += [_held(estimates, true), _width(estimates, true)]
    return cells


def _queued(load: float, generator: np.random.Generator) -> Seconds:
    """Latencies of requests to a server that takes 1 s in the mean, once its queue has settled."""
    requests = SETTLED + LENGTH
    demand = Demand(generator.exponential(1, (requests, 1)))
    arrivals = np.cumsum(generator.exponential(1 / load, requests))
    return simulate([ReplicaStation("server")], demand, OfferedRequests(arrivals, np.arange(requests))).latency[
        SETTLED:
    ]


def _held(estimates: Sequence[Estimate], true: float) -> str:
    return f"{np.mean([(each.low or 0.0) <= true <= (each.high or np.inf) for each in estimates]):.0%}"


def _width(estimates: Sequence[Estimate], true: float) -> str:
    width = float(np.median([(each.high or 0.0) - (each.low or 0.0) for each in estimates])) / true
    return "no end" if np.isinf(width) else f"{width:.0%} of it"


if __name__ == "__main__":
    main()
