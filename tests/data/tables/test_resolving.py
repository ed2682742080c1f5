"""Which column is what."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.data.tables.conftest import LONG
from tradespace.data.tables import ResolvedColumns, TableColumns, read_table, resolved_columns
from tradespace.errors import InputError


def resolved(folder: Path, text: str, columns: TableColumns | None = None) -> ResolvedColumns:
    (folder / "grid.csv").write_text(text)
    return resolved_columns(read_table([folder / "grid.csv"]), columns or TableColumns())


def test_columns_are_guessed_by_name_and_by_their_values(tmp_path: Path) -> None:
    """Settings tell pipelines apart, scores lie from 0 to 1, and what is free text or the same is not used."""
    lines = LONG.splitlines()
    wordy = "\n".join([f"{lines[0]},answer,run", *(f"{line},text {place},x" for place, line in enumerate(lines[1:]))])
    found = resolved(tmp_path, wordy)
    assert found.columns == TableColumns(("model", "top_k"), "query_id", ("f1",), "latency_ms", "usd")
    assert found.guessed == {"settings", "question", "scores", "latency", "cost"}
    assert found.unused == {"answer": "text", "run": "'x' in all rows"}


def test_what_is_said_is_not_guessed(tmp_path: Path) -> None:
    """And what is taken by it is nothing else."""
    found = resolved(tmp_path, LONG, TableColumns(question="query_id", latency="usd"))
    assert found.columns.latency == "usd"
    assert found.columns.cost is None
    assert "latency" not in found.guessed
    assert "usd" not in found.unused


def test_scores_before_settings_are_still_scores(tmp_path: Path) -> None:
    """Texts are likelier settings than whole numbers, and these than 0 and 1."""
    rows = [f"{question},{question % 2},{k},{model}" for question in range(6) for k in (1, 9) for model in "ab"]
    rows[0] = "0,1,1,a"
    found = resolved(tmp_path, "\n".join(["question_id,correct,k,model", *rows]))
    assert found.columns.settings == ("k", "model")
    assert found.columns.scores == ("correct",)


def test_what_a_question_says_of_itself_is_neither(tmp_path: Path) -> None:
    """Its text, its reference, and how hard it is are the same for all pipelines."""
    rows = [
        f"{question},text {question},0.{question},{model},{+(model == 'a')}" for question in range(4) for model in "ab"
    ]
    found = resolved(tmp_path, "\n".join(["question_id,text,hardness,model,score", *rows]))
    assert found.columns.settings == ("model",)
    assert found.columns.scores == ("score",)


def test_one_row_for_each_question_has_pipelines_for_columns(tmp_path: Path) -> None:
    """Each column of scores is one; a text is not used."""
    found = resolved(tmp_path, "question,reference,gpt 4,llama\na,x,1,0\nb,y,0.5,pass\n")
    assert found.said.pipelines == ("gpt 4", "llama")
    assert found.columns == TableColumns(("pipeline",), "question", ("score",))
    assert found.table.columns["pipeline"] == ["gpt 4", "gpt 4", "llama", "llama"]
    assert found.table.columns["score"] == ["1", "0.5", "0", "pass"]
    assert found.unused == {"reference": "text"}


def test_pipelines_can_be_named(tmp_path: Path) -> None:
    """Then others are left out."""
    text = "score,a,b,c\nq1,1,0,1\nq2,1,0,1\n"
    found = resolved(tmp_path, text, TableColumns(question="score", pipelines=("a", "c")))
    assert found.said.pipelines == ("a", "c")
    assert found.table.columns[found.columns.question or ""] == ["q1", "q2", "q1", "q2"]
    assert found.unused == {"b": "'0' in all rows"}


def test_files_that_name_no_question_are_asked_row_by_row(tmp_path: Path) -> None:
    """As the results that AutoRAG writes, one file for each module."""
    for name in ("0.csv", "1.csv"):
        (tmp_path / name).write_text(f"retrieval_f1,contents\n{name[0]},x\n1,y\n")
    found = resolved_columns(read_table([tmp_path / "0.csv", tmp_path / "1.csv"]), TableColumns())
    assert found.columns == TableColumns(("file",), "row", ("retrieval_f1",))
    assert found.table.columns["row"] == ["1", "2", "1", "2"]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (TableColumns(settings=("modle",)), r"settings: grid\.csv has no column 'modle'; did you mean 'model'\?"),
        (TableColumns(scores=("f1",), cost="f1"), r"'f1' is named twice, as scores and as cost"),
        (TableColumns(pipelines=("f1", "usd"), latency="latency_ms"), r"columns that are pipelines hold their scores"),
    ],
)
def test_a_wrong_name_is_said(tmp_path: Path, columns: TableColumns, message: str) -> None:
    """With the nearest there is."""
    with pytest.raises(InputError, match=message):
        resolved(tmp_path, LONG, columns)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "model,score\na,1\nb,0\n",
            r"looks like questions.*--question, or `question` among.*Columns left: model, score",
        ),
        ("id,model,points\n1,a,7\n1,b,9\n", r"looks like scores.*--score, .*Columns left: points"),
        ("id,score\n1,1\n1,0.5\n", r"looks like settings.*--setting"),
    ],
)
def test_what_cannot_be_guessed_is_asked_for(tmp_path: Path, text: str, message: str) -> None:
    """By the option that says it, with the columns to choose from."""
    with pytest.raises(InputError, match=message):
        resolved(tmp_path, text)
