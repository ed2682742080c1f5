"""What the server adds to the pipeline that it serves, beside LitServe and LangServe on the same pipeline, in one run.

    python -m bench.load.overhead [--questions 200] [--rounds 3]

All take turns, each in a process of its own with one worker, and are asked by the same client: one question at a time
(p50), then over eight connections, each as soon as it is free (throughput). The loop is the pipeline called in this
process, as often. The median of the rounds counts. Kept in runs/load/overhead.json.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import cycle, islice
from pathlib import Path

import numpy as np

from bench.load.clients import LANGSERVE, LITSERVE, TRADESPACE, Asked, Route, ask_all
from bench.load.deployed import SPACES, OnePipeline
from bench.load.other_servers import Loop
from bench.load.programs import free_port, program
from bench.load.records import FOLDER, Kept, keep
from bench.load.serving import serving
from bench.page import table
from tradespace.serving.served_study import served_study, whole_in_replicas

FILE = FOLDER / "overhead.json"
AT_ONCE = 8
WARM_UP = 10
"""Questions that are asked before the clock starts."""
PROMISED_SECONDS, PROMISED_THROUGHPUT = 0.002, 0.95


class Way(Kept):
    """One way of having the same questions answered.

    Attributes:
        p50: seconds of a question asked alone.
        throughput: answers a second, asked as fast as they are answered.
        outside: seconds of a question that are not spent in a replica, in the median; None where that is not told.
    """

    name: str
    p50: float
    throughput: float
    outside: float | None = None


class Overhead(Kept):
    """All ways; the first is the loop that the others are held against.

    Attributes:
        missing: what could not be compared, and why.
    """

    ways: tuple[Way, ...]
    missing: tuple[str, ...] = ()

    def kept(self, way: Way) -> float:
        """The share of the loop's throughput."""
        return way.throughput / self.ways[0].throughput


def main() -> None:
    """Measure, keep and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="a round of 40 questions")
    options = parser.parse_args()
    own = OnePipeline(SPACES / "reader.yaml")
    own.explore()
    rounds, questions = (1, 40) if options.quick else (options.rounds, options.questions)
    overhead = measured(own, rounds, list(islice(cycle([each.text for each in own.questions]), questions)))
    keep(overhead, FILE)
    print(overhead_table(overhead))


def measured(own: OnePipeline, rounds: int, questions: Sequence[str]) -> Overhead:
    """All ways in turns."""
    servers: dict[str, Callable[[], Way]] = {
        "the pipeline in a loop": lambda: _loop(own, questions),
        "Tradespace": lambda: _asked("Tradespace", _tradespace(own), TRADESPACE, questions),
        "LitServe": lambda: _asked("LitServe", _other("litserve", own), LITSERVE, questions),
    }
    missing = _without_langserve(own.folder)
    if not missing:
        servers["LangServe"] = lambda: _asked("LangServe", _other("langserve", own), LANGSERVE, questions)
    taken = [[way() for way in servers.values()] for _ in range(rounds)]
    return Overhead(ways=tuple(_median(column) for column in zip(*taken, strict=True)), missing=missing)


def overhead_table(overhead: Overhead) -> str:
    """All ways side by side, and whether the promise was kept."""
    rows = [
        [
            way.name,
            f"{way.p50 * 1000:.2f} ms",
            f"{(way.p50 - overhead.ways[0].p50) * 1000:+.2f} ms",
            "" if way.outside is None else f"{way.outside * 1000:.2f} ms",
            f"{way.throughput:.1f}",
            f"{overhead.kept(way):.1%}",
        ]
        for way in overhead.ways
    ]
    own = overhead.ways[1]
    met = (own.outside or 0.0) <= PROMISED_SECONDS and overhead.kept(own) >= PROMISED_THROUGHPUT
    said = (
        f"Promised of Tradespace: at most {PROMISED_SECONDS * 1000:.0f} ms at p50 outside the replica, and at "
        f"least {PROMISED_THROUGHPUT:.0%} of the loop's throughput: {'kept' if met else 'not kept'}."
    )
    columns = ["", "p50", "beyond the loop", "outside the replica", "answers a second", "of the loop's"]
    return "\n\n".join([table(columns, rows), said, *overhead.missing])


def _loop(own: OnePipeline, questions: Sequence[str]) -> Way:
    loop = Loop(own.file, own.folder)
    seconds = []
    for question in [*questions[:WARM_UP], *questions]:
        start = time.perf_counter()
        loop.answer(question)
        seconds.append(time.perf_counter() - start)
    taken = np.array(seconds[WARM_UP:])
    return Way(name="the pipeline in a loop", p50=float(np.median(taken)), throughput=float(1 / taken.mean()))


@contextmanager
def _tradespace(own: OnePipeline) -> Iterator[str]:
    served = served_study(own.study, (own.pipeline,), whole_in_replicas([own.pipeline], replicas=1))
    with serving(served, own.folder / "servers") as server:
        yield server.url


@contextmanager
def _other(name: str, own: OnePipeline) -> Iterator[str]:
    port = free_port()
    arguments: list[str | Path] = ["-m", "bench.load.other_servers", name, str(own.file), str(own.folder), str(port)]
    with program(arguments, f"http://127.0.0.1:{port}", "/health", own.folder / "logs" / f"{name}.log") as server:
        yield server.url


def _asked(name: str, server: AbstractContextManager[str], route: Route, questions: Sequence[str]) -> Way:
    with server as url:
        ask_all(url, route, questions[:WARM_UP])
        alone = ask_all(url, route, questions)
        together = ask_all(url, route, questions, at_once=AT_ONCE)
    return Way(name=name, p50=float(np.median(alone.seconds)), throughput=together.throughput, outside=_outside(alone))


def _outside(asked: Asked) -> float | None:
    """The median of what no span of a reply accounts for."""
    spans = [reply.get("spans") for reply in asked.replies]
    if not all(spans):
        return None
    inside = [sum(span["service_seconds"] for span in each) for each in spans if each]
    return float(np.median(asked.seconds - np.array(inside)))


def _median(ways: Sequence[Way]) -> Way:
    p50, throughput = np.median([[way.p50, way.throughput] for way in ways], axis=0)
    told = [way.outside for way in ways if way.outside is not None]
    outside = float(np.median(told)) if told else None
    return Way(name=ways[0].name, p50=float(p50), throughput=float(throughput), outside=outside)


def _without_langserve(folder: Path) -> tuple[str, ...]:
    """Put LangServe where its server finds it; nothing, or why it can't be compared."""
    packages = folder / "packages"
    if not (packages / "langserve").exists():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(packages)]
        installed = subprocess.run(
            [*command, "langserve", "sse-starlette<2"], capture_output=True, text=True, check=False
        )
        if installed.returncode:
            return (f"LangServe could not be installed: {installed.stderr.strip()[-300:]}",)
    return ()


if __name__ == "__main__":
    main()
