"""SmolLM2 behind llama.cpp's server, with continuous batching."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.load.programs import ROOT, Program, program
from tradespace.components.llms.smollm2 import SmolLM2
from tradespace.components.threads import cores

PORT = 8473
"""As spaces/smollm2.yaml has it: the address is part of what calls are known by."""


@contextmanager
def model_server(slots: int, folder: Path) -> Iterator[Program]:
    """Serve it until the block ends, on all cores but one: threads wait for each other at every step."""
    threads = max(1, cores() - 1)
    arguments: list[str | Path] = [
        ROOT / "examples" / "serve_gguf.py",
        SmolLM2().file,
        str(PORT),
        str(threads),
        str(slots),
    ]
    with program(arguments, f"http://127.0.0.1:{PORT}", "/health", folder / "smollm2.log") as server:
        yield server
