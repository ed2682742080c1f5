"""`tradespace explore --on ray` on a machine without a cluster: it starts one, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.explorer.test_crash import outcomes, scored, wait_for_evaluations, write_space
from tests.processes import without_coverage

pytestmark = pytest.mark.ray
MARK = "TRADESPACE_TEST_OF_RAY"
"""A variable of the environment by which all processes are known that a command started."""


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A folder for temporary files with a short path, as those of Ray's sockets must be."""
    with TemporaryDirectory(dir="/tmp", prefix="ts") as folder:
        yield Path(folder)


def explore(space: Path, study: Path, temporary: Path, *options: str) -> subprocess.Popen[str]:
    """Start exploring in a process of its own."""
    command = [sys.executable, "-m", "tradespace", "explore", str(space), "--study", str(study), *options]
    path = os.pathsep.join(entry or os.curdir for entry in sys.path)
    environment = {**without_coverage(), "TMPDIR": str(temporary), MARK: str(temporary), "PYTHONPATH": path}
    environment.pop("RAY_ADDRESS", None)
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=subprocess.STDOUT, text=True, env=environment)


def left_behind(temporary: Path) -> list[str]:
    """Processes that the command started, and what lies among its temporary files."""
    return [str(file) for file in temporary.iterdir()] + [command for _, command in processes_of(temporary)]


def processes_of(temporary: Path) -> list[tuple[int, str]]:
    """The processes that the command started, itself included, each with what it was started as."""
    mark, found = f"{MARK}={temporary}".encode(), []
    for process in Path("/proc").iterdir():
        with suppress(OSError):
            if process.name.isdigit() and mark in (process / "environ").read_bytes().split(b"\0"):
                command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                found.append((int(process.name), command))
    return found


def test_a_cluster_is_started_and_ended(tmp_path: Path, temporary: Path) -> None:
    """Nothing of it is seen, and nothing is left: no process, no file. The scores are those of any other run."""
    space = write_space(tmp_path)
    written = space.read_text().replace("pipelines: 60", "pipelines: 8")
    space.write_text(f"{written}run: {{on: ray, workers: 2}}\n")
    process = explore(space, tmp_path / "there", temporary)
    out = process.communicate(timeout=300)[0]
    assert process.returncode == 0, out
    assert "ray" not in out.lower().replace("array", "")
    assert "Report:" in out
    assert left_behind(temporary) == []
    assert explore(space, tmp_path / "here", temporary, "--on", "process").wait(timeout=300) == 0
    there, here = scored(tmp_path / "there"), scored(tmp_path / "here")
    common = there.keys() & here.keys()
    assert common
    assert all(there[pipeline].scores == here[pipeline].scores for pipeline in common)


def test_a_worker_that_is_killed_is_not_worth_a_word(tmp_path: Path, temporary: Path) -> None:
    """Another one makes its batch. What Ray has to say of it is not printed, nor that it starts many workers."""
    process = explore(write_space(tmp_path), tmp_path / "study", temporary, "--on", "ray", "--workers", "10")
    wait_for_evaluations(tmp_path / "study")
    workers = [number for number, command in processes_of(temporary) if command.startswith("ray::CallWorker")]
    for worker in workers[:2]:
        os.kill(worker, signal.SIGKILL)
    out = process.communicate(timeout=300)[0]
    assert (process.returncode, bool(workers)) == (0, True), out
    assert "ray" not in out.lower().replace("array", "")


def test_ctrl_c_ends_the_cluster_too(tmp_path: Path, temporary: Path) -> None:
    """What is known is reported, as in any other run."""
    space = write_space(tmp_path)
    process = explore(space, tmp_path / "study", temporary, "--on", "ray", "--workers", "2")
    wait_for_evaluations(tmp_path / "study")
    process.send_signal(signal.SIGINT)
    out = process.communicate(timeout=120)[0]
    assert process.returncode == 130, out
    assert outcomes(tmp_path / "study") > 0
    assert left_behind(temporary) == []


def test_an_address_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    """Before anything is called."""
    environment = {**without_coverage(), "RAY_ADDRESS": "ray://127.0.0.1:1"}
    command = [sys.executable, "-m", "tradespace", "explore", str(write_space(tmp_path)), "--on", "ray"]
    ran = subprocess.run(
        command, check=False, capture_output=True, text=True, env=environment, cwd=tmp_path, timeout=120
    )
    assert ran.returncode == 1
    assert "RAY_ADDRESS must name the cluster as its own nodes do" in ran.stderr
