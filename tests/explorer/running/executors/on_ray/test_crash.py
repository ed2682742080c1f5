"""Workers, nodes and whoever explores are killed at random moments: nothing that was stored is lost, and the ledger
ends as it would have undisturbed. `make soak` kills forty times and more.
"""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.explorer.running.executors.on_ray.nodes import CORES, RayNodes, kill
from tests.explorer.test_crash import outcomes, write_space
from tests.processes import without_coverage
from tests.soak import repetitions
from tradespace.components.base import Call
from tradespace.explorer.running.executors import executor_on
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.storage.databases import open_ledger
from tradespace.explorer.storage.entries import Entry
from tradespace.explorer.storage.study import StudyFolder
from tradespace.search_space.call_place import CallPlace
from tradespace.search_space.run import RunSection, WorkerResources
from tradespace.testing.cluster_components import Unhurried
from tradespace.testing.paragraphs import documents
from tradespace.types import Failure, Request

pytestmark = [pytest.mark.ray, pytest.mark.crash]
WORKERS_KILLED, NODES_KILLED, DRIVERS_KILLED = repetitions(3, 20), repetitions(1, 10), repetitions(1, 10)
Harm = Callable[[random.Random], bool]
"""Harms something, if there is anything to be harmed, and says whether."""


def entries(folder: Path, calls: int, run: RunSection) -> list[Entry]:
    """All that a fresh ledger holds after so many calls, in its order. Each takes a twentieth of a second, four make a
    batch."""
    ledger = open_ledger("memory://")
    opened = OpenedComponents(documents(), folder / "artefacts")
    with executor_on(run)(opened) as executor:
        made = [Call(Unhurried(seconds=0.05 if run.workers else 0.0), Request(str(number))) for number in range(calls)]
        outcomes = RecordedCalls(opened, ledger, executor=executor).outcomes(made, opened.nothing)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Failure)]
    return [entry for batch in ledger.entries() for entry in batch]


def disturbed(harm: Harm, times: int, *arguments: Any) -> tuple[list[Entry], int]:
    """What `entries` comes to while harm is done at random moments, so often at most; and how often it was."""
    generator, done = random.Random(11), 0
    with ThreadPoolExecutor(1) as pool:
        made = pool.submit(entries, *arguments)
        while not made.done():
            time.sleep(generator.uniform(0.1, 0.6))
            done += done < times and harm(generator)
        return made.result(), done


def test_workers_that_are_killed_are_replaced(cluster: RayNodes, tmp_path: Path) -> None:
    """Whichever it is, and whatever it works on."""

    def kill_one(generator: random.Random) -> bool:
        workers = cluster.workers()
        if workers:
            kill(generator.choice(workers))
        return bool(workers)

    calls, run = 80 * WORKERS_KILLED, RunSection(on=CallPlace.RAY, workers=3)
    stored_there, killed = disturbed(kill_one, WORKERS_KILLED, tmp_path, calls, run)
    assert killed
    assert stored_there == entries(tmp_path, calls, RunSection())


def test_nodes_come_and_go(cluster: RayNodes, tmp_path: Path) -> None:
    """One is killed with all that works on it, and another joins."""
    nodes = [cluster.add()]

    def replace_node(generator: random.Random) -> bool:
        if len(cluster.workers()) < 4:
            return False
        cluster.cluster.remove_node(nodes.pop(), allow_graceful=False)
        nodes.append(cluster.add())
        return True

    calls, node_each = 160 * (NODES_KILLED + 1), {"generate": WorkerResources(num_cpus=CORES)}
    run = RunSection(on=CallPlace.RAY, workers=4, resources=node_each)
    try:
        stored_there, replaced = disturbed(replace_node, NODES_KILLED, tmp_path, calls, run)
    finally:
        cluster.cluster.remove_node(nodes.pop())
    assert replaced
    assert stored_there == entries(tmp_path, calls, RunSection())


def test_whoever_explores_is_killed(cluster: RayNodes, tmp_path: Path) -> None:
    """`kill -9`, then the same command: nothing stored is made again or lost, no worker is left behind, and what is
    stored in the end is what one run stores that makes its calls itself."""
    space = write_space(tmp_path)
    written = space.read_text().replace("confirm: 10", "confirm: 0").replace("pipelines: 60", "pipelines: 16")
    space.write_text(written.replace("strategy: {tpe: {}}", "strategy: grid"))
    assert explore(space, tmp_path / "whole").wait(timeout=300) == 0
    generator, killed, known = random.Random(5), 0, 0
    for _ in range(DRIVERS_KILLED):
        process = explore(space, tmp_path / "killed", cluster)
        wait_for_more(process, tmp_path / "killed", known)
        time.sleep(generator.uniform(0.0, 0.5))
        killed += process.poll() is None
        process.kill()
        process.wait()
        wait_until(lambda: not cluster.workers())
        assert kept(tmp_path / "killed") >= known
        known = kept(tmp_path / "killed")
    assert killed
    last = explore(space, tmp_path / "killed", cluster)
    assert last.wait(timeout=300) == 0, last.communicate()[0]
    assert stored(tmp_path / "killed") == stored(tmp_path / "whole")


def explore(space: Path, study: Path, cluster: RayNodes | None = None) -> subprocess.Popen[str]:
    """Start exploring, on two workers of a cluster where one is given."""
    command = [sys.executable, "-m", "tradespace", "explore", str(space), "--study", str(study)]
    environment = {**without_coverage(), "PYTHONPATH": os.pathsep.join(entry or os.curdir for entry in sys.path)}
    if cluster:
        command += ["--on", "ray", "--workers", "2"]
        environment["RAY_ADDRESS"] = cluster.address
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=subprocess.STDOUT, text=True, env=environment)


def kept(study: Path) -> int:
    """How many outcomes a study has."""
    with suppress(sqlite3.Error):
        return outcomes(study)
    return 0


def stored(study: Path) -> list[Entry]:
    """All outcomes of a study, by their keys: a run that is continued asks for them in other batches."""
    return sorted(entry for batch in StudyFolder(study).ledger.entries() for entry in batch)


def wait_for_more(process: subprocess.Popen[str], study: Path, known: int) -> None:
    """Until an exploration has stored more than was known, or has ended."""
    wait_until(lambda: kept(study) > known or process.poll() is not None)


def wait_until(done: Callable[[], bool]) -> None:
    """Look until it is so, for a minute at most."""
    end = time.monotonic() + 60
    while not done():
        assert time.monotonic() < end
        time.sleep(0.1)
