"""What docs/generated-questions.md shows is so."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.explorer.generating.quizmaster import Quizmaster, caller
from tests.small_data import write_paragraphs
from tradespace.data.generation.written import GeneratedType
from tradespace.data.question_files import question_lines
from tradespace.explorer.generating.examiner import model_examiner
from tradespace.explorer.generating.generation import QuestionGeneration
from tradespace.explorer.generating.model_writer import ModelWriter
from tradespace.explorer.generating.rule_writer import RuleWriter

PAGE = (Path(__file__).parents[3] / "docs" / "generated-questions.md").read_text(encoding="utf-8")


def test_the_shown_question_has_the_columns_that_are_written(tmp_path: Path) -> None:
    """In the same order, evidence and all."""
    (shown,) = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL))
    model = Quizmaster()
    generation = QuestionGeneration(ModelWriter(model), model_examiner(model), caller(tmp_path), [GeneratedType.NUMBER])
    written = json.loads(question_lines(generation.run(1, lambda so_far: None).questions))
    assert list(shown) == list(written)
    assert list(shown["evidence"][0]) == list(written["evidence"][0])
    assert shown["groups"].keys() == written["groups"].keys()


def test_the_types_are_those_that_there_are() -> None:
    """And those that rules can write are said to be."""
    rows = dict(re.findall(r"^\| `(\w+)` \|.*\| (\w*) ?\|$", PAGE, re.MULTILINE))
    assert list(rows) == list(GeneratedType)
    assert {name for name, by_rule in rows.items() if by_rule == "yes"} == set(RuleWriter().types)


def test_the_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """It prints questions about a folder of documents."""
    write_paragraphs(tmp_path)
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(compile(code, "generated-questions.md", "exec"), {})
    lines = capsys.readouterr().out.strip().splitlines()
    assert len(lines) == 8
    assert all(json.loads(line)["generated"] for line in lines)
