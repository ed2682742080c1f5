"""Real servers in processes of their own, over a small study."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.commands.conftest import explored
from tests.processes import without_coverage
from tests.small_data import write_paragraphs

PATIENCE = 120
"""Seconds that a loaded machine may take for what a quiet one does at once."""
KEY = "a-key-of-these-tests"
PIPELINE = "bm25(top_k=3) >> sentence(passages=2)"
SPACE = """
name: paragraphs
data: {questions: questions.jsonl, documents: documents, explore: 12, confirm: 12}
pipeline: {retrieve: {bm25: {top_k: 3}}, generate: {sentence: {passages: [1, 2]}}}
objectives: {answer_f1: maximize, latency_p95: minimize}
"""


@dataclass
class RunningServer:
    """A server that is ready.

    Attributes:
        said: what it printed until then.
    """

    url: str
    process: subprocess.Popen[str]
    said: str

    def client(self, key: str = "") -> httpx.Client:
        """Who asks it."""
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=PATIENCE)

    @property
    def replicas(self) -> list[int]:
        """The ids of its replicas' processes."""
        found = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=False)
        return [int(line) for line in found.stdout.split()]


@contextmanager
def serving(study: Path, *arguments: str, key: str = "", pipeline: str = PIPELINE) -> Iterator[RunningServer]:
    """Serve a study on a free port, and end it in the end."""
    command = [sys.executable, "-m", "tradespace", "serve", str(study), "--port", "0"]
    command += ["--pipeline", pipeline] if pipeline else []
    environment = {**without_coverage(), "TRADESPACE_SERVE_KEY": key, "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(
        [*command, *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield _ready(process)
        finally:
            process.kill()


def _ready(process: subprocess.Popen[str]) -> RunningServer:
    assert process.stdout
    said = ""
    for line in process.stdout:
        said += line
        if "Ctrl-C" in line:
            (url,) = set(re.findall(r"on (http://\S+),", said))
            return RunningServer(url, process, said)
    raise AssertionError(f"the server ended: {said}")


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small study of real paragraphs, explored."""
    folder = tmp_path_factory.mktemp("space")
    write_paragraphs(folder)
    (folder / "space.yaml").write_text(SPACE)
    return explored(folder / "space.yaml", tmp_path_factory.mktemp("studies") / "paragraphs")


@pytest.fixture(scope="session")
def server(study: Path) -> Iterator[RunningServer]:
    """A server that demands a key, with two replicas, for all tests that leave it as it is."""
    with serving(study, "--replicas", "2", key=KEY) as running:
        yield running
