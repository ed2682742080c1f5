"""`serve` says before it opens anything why it can't serve."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.commands.conftest import Run
from tradespace.commands.entry import Exit


def test_a_port_in_use_is_told(run: Run, study: Path) -> None:
    """With what to do."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ran = run("serve", study, "--port", port)
    assert ran.code == Exit.INPUT
    assert f"127.0.0.1:{port} must be a free address of this machine" in ran.err
    assert "Choose another --port" in ran.err


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_others_are_let_in_by_a_key_alone(run: Run, study: Path, host: str) -> None:
    """An address that they can reach is refused without one."""
    ran = run("serve", study, "--host", host, "--port", 0)
    assert ran.code == Exit.INPUT
    assert "set TRADESPACE_SERVE_KEY" in ran.err


def test_one_option_says_how_it_is_deployed(run: Run, study: Path, tmp_path: Path) -> None:
    """Not two."""
    ran = run("serve", study, "--replicas", 2, "--deployment", tmp_path / "deployment.yaml", "--port", 0)
    assert ran.code == Exit.INPUT
    assert "leave one of them out" in ran.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("stages: {generate: {replicas: 2}}", "no pipeline of this space has a stage 'generate'"),
        ("stages: {retrieve: {replicas: [1, 2]}}", "each setting must have one value"),
        ("stages: {retrieve: {replica: 2}}", "did you mean 'replicas'?"),
        ("[1, 2]", "a deployment must be a mapping"),
        ("stages: {retrieve: {hedge_after: p95}}", "explore it, or leave `hedge_after` out"),
    ],
    ids=["stage", "alternatives", "setting", "list", "hedge"],
)
def test_a_deployment_is_checked(run: Run, study: Path, tmp_path: Path, text: str, said: str) -> None:
    """What is wrong with its file is told with its place in it; that a hedge has no seconds to go by, too."""
    file = tmp_path / "deployment.yaml"
    file.write_text(text)
    ran = run("serve", study, "--pipeline", "bm25(top_k=17)", "--deployment", file, "--port", 0)
    assert ran.code == Exit.INPUT
    assert said in ran.err


def test_trust_is_asked_for(run: Run, study: Path) -> None:
    """As by `ask`: a served pipeline contacts no server that was not allowed."""
    pipeline = "bm25(top_k=3) >> llm(model=openai(model='gpt-5-mini'))"
    ran = run("serve", study, "--pipeline", pipeline, "--port", 0)
    assert ran.code == Exit.INPUT
    assert "--allow-server" in ran.err
