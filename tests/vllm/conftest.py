"""What vLLM runs in the tests of the environment that `make test-vllm` makes: a tiny reasoner, served, and SmolLM2."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tradespace.components.llms.smollm2 import SmolLM2
from tradespace.components.llms.tiny_reasoner import WEIGHTS
from training.gguf_folder import write_folder

SMALL = str(WEIGHTS / "tiny-reasoner-small")
READY_WITHIN = 600
"""Seconds: vLLM starts in a minute on an idle machine, and in several on one that is busy with other things."""


@dataclass
class Served:
    """`vllm serve` on a port of its own, that can be killed and started again."""

    port: int
    log: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The base URL that clients are given."""
        return f"http://127.0.0.1:{self.port}/v1"

    def start(self) -> None:
        """Start the server. The module is what the command runs: the command itself looks for another wheel's name."""
        options = {"model": SMALL, "served-model-name": "tiny", "host": "127.0.0.1", "port": str(self.port)}
        # The folder's generation_config.json would otherwise cut every completion off at its own length.
        options |= {"dtype": "float32", "max-model-len": "1024", "generation-config": "vllm"}
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        # On CPU vLLM dies where it cuts the prompt of a seeded request into chunks ("Generator does not use offset").
        switches = ["--enforce-eager", "--no-enable-chunked-prefill"]
        command = [sys.executable, "-m", "vllm.entrypoints.openai.api_server", *arguments, *switches]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)

    def wait(self) -> None:
        """Wait until it answers."""
        assert self.process
        end = time.monotonic() + READY_WITHIN
        while time.monotonic() < end and self.process.poll() is None:
            try:
                if httpx.get(f"{self.url}/models", timeout=5).is_success:
                    return
            except httpx.HTTPError:
                time.sleep(0.5)
        pytest.fail(f"vLLM does not answer; the end of its log:\n{self.log.read_text()[-3000:]}")

    def kill(self) -> None:
        """Kill it and all that it started, as a crash or a lost machine would."""
        import psutil

        assert self.process
        started = psutil.Process(self.process.pid).children(recursive=True)
        for process in [self.process, *started]:
            process.kill()
        self.process.wait()
        psutil.wait_procs(started)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The server, which is up before the first test and gone after the last."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        server = Served(free.getsockname()[1], tmp_path_factory.mktemp("vllm") / "log")
    server.start()
    try:
        server.wait()
        yield server
    finally:
        if server.process and server.process.poll() is None:
            server.kill()


@pytest.fixture(scope="session")
def smollm2_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """SmolLM2 as a folder of Hugging Face's."""
    folder = tmp_path_factory.mktemp("smollm2")
    write_folder(SmolLM2().file, folder)
    return folder
