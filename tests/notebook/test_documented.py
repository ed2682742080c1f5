"""The code on docs/notebook.md runs, and the example notebook too."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from docs.make_notebook import METADATA, NOTEBOOK, executed_notebook
from tests.notebook.conftest import SPACE, asked, pages

PAGE = (Path(__file__).parents[2] / "docs" / "notebook.md").read_text(encoding="utf-8")
OF_ONE_MACHINE = re.compile(r"(?<![\w.])/(?:home|root|tmp|work|Users|usr|var)/|localhost")
LARGEST_BYTES = 400_000
DECISIVE = ("<strong>", "latency_p95", "share[retrieve", "application/vnd.plotly.v1+json")
"""What its outputs show: the answer, the frontier, the split, a figure."""


def test_the_code_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From top to bottom, on questions and documents that were written by pandas."""
    monkeypatch.chdir(tmp_path)
    asked().assign(answers=asked()["answers"].str[0], gold=asked()["gold"].str[0]).to_csv("questions.csv", index=False)
    pages().to_csv("documents.csv", index=False)
    Path("space.yaml").write_text(SPACE.replace("name: paragraphs", "name: space"))
    names: dict[str, object] = {}
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 5
    for block in blocks:
        exec(block, names)
    assert Path("studies/space/report.html").exists() and Path("report.html").exists()


@pytest.mark.slow
def test_the_notebook_runs_in_a_fresh_clone(tmp_path: Path) -> None:
    """No cell fails, and it shows what it is for; within a minute on an idle machine, which no test can hold it to."""
    notebook = executed_notebook(tmp_path)
    assert all(word in outputs_of(notebook) for word in DECISIVE)


def test_its_outputs_are_committed() -> None:
    """`python -m docs.make_notebook` wrote them: every cell ran, in order, and nothing in them is of one machine."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    ran = [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"]
    assert ran == list(range(1, len(ran) + 1))
    assert notebook.metadata == METADATA
    outputs = outputs_of(notebook)
    assert all(word in outputs for word in DECISIVE)
    assert OF_ONE_MACHINE.search(outputs) is None
    assert NOTEBOOK.stat().st_size < LARGEST_BYTES


def outputs_of(notebook: nbformat.NotebookNode) -> str:
    """All outputs as text."""
    return "\n".join(str(output) for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs)
