"""A new stage of pipelines is a folder and a line: those of design/0015, added to a copy of the package."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import without_coverage
from tests.small_data import write_paragraphs
from tradespace.explorer.storage.study import StudyFolder

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "design" / "0015-the-house-in-order.md").read_text(encoding="utf-8")
LINE, *FILES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
BEHIND = "    GENERATE = "
SPACE = """
name: compressed
data: {questions: questions.jsonl, documents: documents, explore: 8, confirm: 4}
pipeline:
  retrieve: {bm25: {top_k: 3}}
  compress: {beginnings: {words: [2, 20]}}
  compress_2: {beginnings: {words: 10}}
constraints: [compress.words > 1]
objectives: {mrr: maximize, latency_p95: minimize}
sla: {latency_p95: 10 s, split: [retrieve, compress + compress_2]}
search: {strategy: grid}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The package with the stage: links to all that stays as it is; and questions, documents and a file to explore."""
    package = linked(ROOT / "tradespace", tmp_path / "tradespace", apart={"components"})
    components = linked(ROOT / "tradespace" / "components", package / "components", apart={"roles.py"})
    roles = (ROOT / "tradespace" / "components" / "roles.py").read_text(encoding="utf-8")
    assert roles.count(BEHIND) == 1
    (components / "roles.py").write_text(roles.replace(BEHIND, LINE + BEHIND))
    for code in FILES:
        file = tmp_path / code.splitlines()[0].removeprefix("# ")
        file.parent.mkdir(exist_ok=True)
        file.write_text(code)
    write_paragraphs(tmp_path)
    (tmp_path / "space.yaml").write_text(SPACE)
    return tmp_path


def linked(source: Path, copy: Path, apart: set[str]) -> Path:
    """A folder of links to all in another, but for the names that stand apart."""
    copy.mkdir()
    for entry in source.iterdir():
        if entry.name not in apart:
            (copy / entry.name).symlink_to(entry)
    return copy


def tradespace(folder: Path, *arguments: str) -> str:
    """What a command prints there."""
    ran = subprocess.run(
        [sys.executable, "-m", "tradespace", *arguments],
        cwd=folder,
        env=without_coverage() | {"PYTHONPATH": os.fspath(folder), "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode in (0, 1), ran.stderr  # 1: explored, and nothing can be recommended
    assert not ran.stderr
    return ran.stdout


def test_a_stage_that_was_added_is_checked_explored_and_queried(folder: Path) -> None:
    """With settings, a constraint, a part of the split, and a second one of its kind, each with seconds of its own;
    passages are really cut."""
    checked = tradespace(folder, "check", "space.yaml")
    assert "compress   │ beginnings (2)" in checked
    assert "compress_2 │ beginnings (1)" in checked
    tradespace(folder, "explore", "space.yaml")
    assert "2 of 2 explored" in tradespace(folder, "status", "studies/compressed")
    explored = StudyFolder(folder / "studies" / "compressed").results().explored
    assert [list(evaluation.seconds) for evaluation in explored] == [["retrieve", "compress", "compress_2"]] * 2
    report = (folder / "studies" / "compressed" / "report.html").read_text(encoding="utf-8")
    pipeline = "bm25(top_k=3) >> beginnings(words=2) >> beginnings(words=10)"
    assert "compress_2" in report
    assert pipeline.replace(">", "&gt;") in report
    asked = tradespace(folder, "ask", "studies/compressed", "Who led the Normans?", "--pipeline", pipeline)
    assert re.findall(r"│ (\w+) +│ \w+\(", asked) == ["retrieve", "compress", "compress_2"]
    listed = tradespace(folder, "questions", "studies/compressed", "--pipeline", pipeline)
    passages = re.findall(r"^ +\d +\S+(?: \[gold\])?: (.*)$", listed, re.MULTILINE)
    assert passages
    assert all(len(passage.split()) == 2 for passage in passages)
