"""After installation nothing is downloaded."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.explorer.test_crash import write_space

MODELS = """
name: offline
data: {questions: questions.jsonl, documents: documents, explore: 6, confirm: 2}
pipeline:
  chunk: {tokens: {size: 32}}
  retrieve: {hybrid: {top_k: 5}}
  rerank: {mmr: {keep: 3}, maxsim: {keep: 3}}
  generate: {sentence: {passages: 2}}
objectives: {answer_contained: maximize, latency_p95: minimize}
search: {strategy: grid}
"""
REFUSED = ["unshare", "--net"]


def network_can_be_refused() -> bool:
    """Whether a process can be put where there is no network at all."""
    return shutil.which("unshare") is not None and not subprocess.run([*REFUSED, "true"], check=False).returncode


@pytest.mark.slow
@pytest.mark.skipif(not network_can_be_refused(), reason="this machine does not let a process do without network")
def test_every_embedded_model_works_where_there_is_no_network(tmp_path: Path) -> None:
    """Dense retrieval, both rerankers and the reader explore and report in a network namespace of their own."""
    write_space(tmp_path)
    space = tmp_path / "offline.yaml"
    space.write_text(MODELS)
    command = [*REFUSED, sys.executable, "-m", "tradespace", "explore", str(space), "--study", str(tmp_path / "study")]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert (
        "0 pipelines failed"
        in subprocess.run(
            [*REFUSED, sys.executable, "-m", "tradespace", "status", str(tmp_path / "study")],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    )
