"""What docs/serving.md tells a reader to type starts a server, and is answered."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from tests.serving.conftest import KEY, serving

PAGE = (Path(__file__).parents[2] / "docs" / "serving.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^ *\$ tradespace serve (.*)$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_documented_server_answers(
    command: str, study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a free port, and with a key."""
    (deployment,) = re.findall(r"```yaml\n# deployment.yaml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "deployment.yaml").write_text(deployment.replace("retrieve + rerank", "retrieve"))
    monkeypatch.chdir(tmp_path)
    options = shlex.split(command)[1:]
    options = ["0" if before == "--port" else word for before, word in zip(["", *options], options, strict=False)]
    with serving(study, *options, key=KEY) as server:
        with server.client(KEY) as client:
            (body,) = re.findall(r"--json '(.*)'", PAGE)
            assert client.post("/v1/answers", json=json.loads(body)).json()["answer"]
        server.process.terminate()
        assert server.process.wait(timeout=120) == 0


def test_the_documented_python_answers(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without HTTP."""
    (code,) = [block for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL) if "Dispatcher" in block]
    exec(compile(code.replace("studies/wikipedia-100ms", str(study)), "docs/serving.md", "exec"), {})
    assert "Answer(text=" in capsys.readouterr().out
