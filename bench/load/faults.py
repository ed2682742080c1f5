"""Faults of a real server under a real load, one by one, and whether it keeps what it promises.

    python -m bench.load.faults [--quick] [NAME ...]

Prints a table, keeps it in runs/load/faults.json, and ends with 1 if a promise is broken.
"""

from __future__ import annotations

import argparse
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.load.flood import flood
from bench.load.made import ask, ask_often, made_server, steady
from bench.load.meanwhile import later, meanwhile
from bench.load.parts import HANG, Echo, Sleeper, Stuck
from bench.load.records import FOLDER, Kept, keep
from bench.load.seen import all_answered, all_told, counted, is_told, p99, told_answers, told_statuses
from bench.page import table
from tradespace.serving.load_generator.outcomes import NOT_CONNECTED
from tradespace.serving.server_settings import ServerSettings

FILE = FOLDER / "faults.json"
STEADY = Sleeper(seconds=0.02, share=0.0)
HUNG_SECONDS = 5.0
"""That a request may take where one hangs."""
LET_GO_SECONDS = 60.0
"""Within which clients that send nothing are let go."""
FLAT = 1.05
"""How many times as much memory a server may have at the end."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard servers are tried.

    Attributes:
        seconds: of load around the death of a replica, a third of it before.
        connections: that are opened at once.
        requests: through which memory must stay flat.
    """

    seconds: float = 60.0
    connections: int = 10_000
    requests: int = 100_000


QUICK = Effort(seconds=9.0, connections=500, requests=4_000)


class Fault(Kept):
    """What was done to a server, what it promises then, and what was seen.

    Attributes:
        told: whether every client was told what became of its request.
        well: whether the rest of the promise was kept, which may be about time, too.
    """

    done: str
    promise: str
    seen: str
    told: bool
    well: bool = True

    @property
    def kept(self) -> bool:
        """Whether all of the promise was."""
        return self.told and self.well


class Faults(Kept):
    """All that were tried."""

    tried: tuple[Fault, ...]


def replica_killed(effort: Effort, folder: Path) -> Fault:
    """One of two replicas is killed in the middle of a load that one alone could not bear for long."""
    third = effort.seconds / 3
    with made_server("killed", STEADY, folder, replicas=2) as server, later(third, server.replicas[0].kill):
        record = ask(server, steady(60.0, effort.seconds))
    lost = [request for request in record.requests if not is_told(request.status)]
    before, after = p99(record, 0, third), p99(record, 2 * third, effort.seconds)
    return Fault(
        done="a replica of two is killed under load",
        promise="no request lost without an error; p99 back within 30 s",
        seen=f"{len(lost)} of {len(record.requests):,} lost ({told_statuses(record)}); p99 {before * 1000:.0f} ms "
        f"before and {after * 1000:.0f} ms from {third:.0f} s afterwards",
        told=not lost and len(record.requests) == record.scheduled,
        well=after <= 2 * before + 0.05,
    )


def silent_clients(effort: Effort, folder: Path) -> Fault:
    """Clients connect and send nothing, or half a request."""
    with made_server("silent", Echo(), folder) as server:
        silent = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(20)]
        for connection in silent[::2]:
            connection.sendall(b"POST /v1/answers HTTP/1.1\r\nHost: here\r\nContent-Le")
        record = ask(server, steady(20.0, 3.0))
        seconds = _closed_after(silent)
    return Fault(
        done="20 clients send nothing, or half a request",
        promise=f"others are answered; these are let go within {LET_GO_SECONDS:.0f} s",
        seen=f"answered {told_answers(record)}; "
        + ("not let go" if seconds is None else f"let go {seconds:.0f} s after that"),
        told=all_told(record),
        well=all_answered(record) and seconds is not None,
    )


def many_connections(effort: Effort, folder: Path) -> Fault:
    """Far more clients than the server takes ask at the same moment."""
    with made_server("flooded", STEADY, folder) as server:
        statuses = flood(server.url, effort.connections)
        afterwards = ask(server, steady(10.0, 2.0))
    return Fault(
        done=f"{effort.connections:,} connections at once",
        promise="each is answered, or refused with 503 and Retry-After; the server goes on",
        seen=f"{counted(statuses)}; answered {told_answers(afterwards)} afterwards",
        told=all(map(is_told, statuses)),
        well=all_answered(afterwards),
    )


def hanging(effort: Effort, folder: Path) -> Fault:
    """A component never comes back from one question."""
    settings = ServerSettings(seconds=HUNG_SECONDS)
    with made_server("hanging", Stuck(), folder, replicas=2, settings=settings) as server:
        with meanwhile(lambda: ask(server, steady(10.0, HUNG_SECONDS))) as others:
            start = time.perf_counter()
            status = ask(server, [0.0], HANG).requests[0].status
            seconds = time.perf_counter() - start
        afterwards = ask(server, steady(10.0, 2.0))
    return Fault(
        done="a component hangs",
        promise="its request is told so in time; all others are answered",
        seen=f"{status} after {seconds:.1f} s of {HUNG_SECONDS:.0f}; answered {told_answers(others.result())} "
        f"meanwhile, {told_answers(afterwards)} afterwards",
        told=is_told(status) and all_told(others.result()) and all_told(afterwards),
        well=all_answered(others.result()) and all_answered(afterwards),
    )


def terminated(effort: Effort, folder: Path) -> Fault:
    """SIGTERM in the middle of a burst."""
    with made_server("drained", STEADY, folder, replicas=2) as server:
        with later(1.0, lambda: server.process.send_signal(signal.SIGTERM)):
            record = ask(server, steady(150.0, 2.0))
        status = server.process.wait(LET_GO_SECONDS)
    accepted = [request for request in record.requests if not request.status.startswith(NOT_CONNECTED)]
    lost = [request for request in accepted if not is_told(request.status)]
    return Fault(
        done="SIGTERM in the middle of a burst",
        promise="0 accepted requests lost",
        seen=f"{len(lost)} of {len(accepted)} lost ({told_statuses(record)}); exit status {status}",
        told=not lost,
        well=status == 0 and any(request.answered for request in accepted),
    )


def memory(effort: Effort, folder: Path) -> Fault:
    """Many requests: does anything pile up?"""
    first = effort.requests // 10
    with made_server("often", Echo(), folder) as server:
        ask_often(server, first)
        before = server.memory
        ask_often(server, effort.requests)
        after = server.memory
    return Fault(
        done=f"{effort.requests:,} requests",
        promise=f"the memory of gateway and replicas stays flat, within {FLAT - 1:.0%}",
        seen=f"{before / 1e6:.0f} MB after {first:,}, and {after / 1e6:.0f} MB at the end",
        told=True,
        well=after <= FLAT * before,
    )


FAULTS: Mapping[str, Callable[[Effort, Path], Fault]] = {
    "replica": replica_killed,
    "silence": silent_clients,
    "connections": many_connections,
    "hang": hanging,
    "sigterm": terminated,
    "memory": memory,
}


def fault_table(tried: Sequence[Fault]) -> str:
    """One row for each."""
    rows = [[each.done, each.promise, each.seen, "kept" if each.kept else "BROKEN"] for each in tried]
    return table(["", "promise", "seen", ""], rows)


def main() -> None:
    """Try faults, all of them where none is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(FAULTS)}; without one, all of them")
    parser.add_argument("--quick", action="store_true", help="seconds and small counts")
    options = parser.parse_args()
    if unknown := set(options.names) - set(FAULTS):
        parser.error(f"no fault is called {', '.join(sorted(unknown))}; valid: {', '.join(FAULTS)}")
    tried = [_tried(name, QUICK if options.quick else Effort()) for name in options.names or FAULTS]
    if not options.names:
        keep(Faults(tried=tuple(tried)), FILE)
    print(fault_table(tried))
    sys.exit(0 if all(fault.kept for fault in tried) else 1)


def _tried(name: str, effort: Effort) -> Fault:
    fault = FAULTS[name](effort, FOLDER)
    print(f"{name}: {fault.seen}", file=sys.stderr)
    return fault


def _closed_after(connections: Sequence[socket.socket]) -> float | None:
    """Seconds until the other side has closed all; None where it has not within the limit."""
    start = time.monotonic()
    for connection in connections:
        with connection:
            connection.settimeout(max(0.1, LET_GO_SECONDS - (time.monotonic() - start)))
            try:
                while connection.recv(4096):
                    pass
            except TimeoutError:
                return None
            except ConnectionError:
                continue
    return time.monotonic() - start


if __name__ == "__main__":
    main()
