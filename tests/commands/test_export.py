"""`tradespace export`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import Run
from tradespace.components.notation import parse
from tradespace.explorer.files import read_specification


def test_the_recommended_pipeline_is_exported(run: Run, study: Path) -> None:
    """As a Python file, on the terminal."""
    ran = run("export", study)
    assert ran.code == 0, ran.err
    assert "PIPELINE = " in ran.out
    compile(ran.out, "pipeline.py", "exec")


def test_it_is_written_to_a_file(run: Run, study: Path, tmp_path: Path) -> None:
    """Which is named; as YAML it can be checked and explored."""
    file = tmp_path / "one.yaml"
    ran = run("export", study, "--pipeline", "bm25(top_k=3)", "--format", "yaml", "--output", file)
    assert ran.out.strip() == str(file)
    assert list(read_specification(file).space.members()) == [parse("bm25(top_k=3)")]
    assert run("check", file).code == 0


def test_an_unknown_format_is_refused(run: Run, study: Path) -> None:
    """With the nearest, and what is valid."""
    ran = run("export", study, "--format", "yml")
    assert ran.code == 2
    assert "did you mean 'yaml'? Valid: langchain, python, yaml" in ran.err


@pytest.mark.parametrize("form", ["python", "langchain", "yaml"])
def test_a_trust_is_asked_for(run: Run, study: Path, form: str) -> None:
    """Whoever exports a pipeline that asks a server says that it may; a Runnable is given it."""
    notation = "bm25() >> llm(model=openai(model='m', base_url='http://localhost:1/v1'))"
    refused = run("export", study, "--pipeline", notation, "--format", form)
    assert refused.code == 2
    assert "--allow-server" in refused.err
    ran = run("export", study, "--pipeline", notation, "--format", form, "--allow-server")
    assert ran.code == 0, ran.err
    assert ('ALLOWED = ["server"]' in ran.out) == (form == "langchain")
