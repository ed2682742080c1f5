"""A server that is down ends a command with the reason."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.commands.conftest import Run
from tradespace.components.remote import requests

SPACE = """
name: served
data: {{dataset: microworld, explore: 6, confirm: 0}}
pipeline:
  retrieve: {{bm25: {{top_k: 3}}}}
  generate:
    llm: {{model: {{openai: {{model: tiny, base_url: "{url}", format: tiny_reasoner, own: false}}}}, passages: 2}}
objectives: {{answer_em: maximize}}
search: {{strategy: grid}}
"""


@pytest.fixture
def url() -> str:
    """An address of this machine where nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/v1"


def test_exploring_without_the_server_says_so(
    run: Run, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an error with exit code 1, before anything is called; `status` repeats it."""
    monkeypatch.setattr(requests, "FIRST_PAUSE", 0.01)
    space, study = tmp_path / "space.yaml", tmp_path / "study"
    space.write_text(SPACE.format(url=url))
    ran = run("explore", space, "--study", study)
    assert ran.code == 1
    assert "failed 5 times; the last time: ConnectError" in ran.err
    assert "once the model answers, the same command goes on" in ran.err
    status = run("status", study).out
    assert "state       stopped: A model does not answer." in status
    assert "0 of 1 explored" in status
