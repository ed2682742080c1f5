"""Tables out of files."""

from __future__ import annotations

import gzip
from pathlib import Path

import pandas
import pytest

from tests.data.tables.conftest import LONG
from tradespace import extras
from tradespace.data.tables import read_table
from tradespace.errors import DataError


def test_a_table_is_the_same_in_every_format(tmp_path: Path) -> None:
    """CSV with commas, semicolons or tabs, compressed, and Parquet hold the same cells."""
    (tmp_path / "a.csv").write_text(LONG)
    (tmp_path / "b.csv").write_text(LONG.replace(",", ";"))
    (tmp_path / "c.tsv").write_text(LONG.replace(",", "\t"))
    (tmp_path / "d.csv.gz").write_bytes(gzip.compress(LONG.encode()))
    frame = pandas.read_csv(tmp_path / "a.csv", dtype=str)
    frame.to_parquet(tmp_path / "e.parquet")
    tables = [read_table([tmp_path / name]) for name in ("a.csv", "b.csv", "c.tsv", "d.csv.gz", "e.parquet")]
    cells = [{name: list(column) for name, column in table.columns.items()} for table in tables]
    assert cells[1:] == cells[:1] * 4
    assert len(tables[0]) == 6


def test_a_row_knows_its_line(tmp_path: Path) -> None:
    """Also behind cells of several lines; of Parquet it is the row."""
    file = tmp_path / "a.csv"
    file.write_text('question,score\n"two\nlines",1\nb,0\n')
    assert list(read_table([file]).places) == [f"{file}:3", f"{file}:4"]
    pandas.read_csv(file).to_parquet(tmp_path / "a.parquet")
    assert read_table([tmp_path / "a.parquet"]).places[1] == f"{tmp_path / 'a.parquet'}:row 2"


def test_the_index_that_pandas_writes_has_a_name(tmp_path: Path) -> None:
    """Its header is empty."""
    (tmp_path / "a.csv").write_text(",score\n0,1\n")
    assert list(read_table([tmp_path / "a.csv"]).columns) == ["index", "score"]


def test_files_of_one_pipeline_each_become_one_table(tmp_path: Path) -> None:
    """The column `file` says which; where names are alike their folders are told, too."""
    for name in ("0.csv", "1.csv", "other/1.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("question,score\na,1\n")
    assert read_table([tmp_path / "0.csv", tmp_path / "1.csv"]).columns["file"] == ["0", "1"]
    alike = [tmp_path / "1.csv", tmp_path / "other" / "1.csv"]
    assert read_table(alike).columns["file"] == list(map(str, alike))


def test_files_of_other_columns_are_no_one_table(tmp_path: Path) -> None:
    """The message names the file and what it lacks."""
    (tmp_path / "a.csv").write_text("question,score\na,1\n")
    (tmp_path / "b.csv").write_text("question,points\na,1\n")
    with pytest.raises(DataError, match=r"b\.csv: lacks columns of .*a\.csv: score"):
        read_table([tmp_path / "a.csv", tmp_path / "b.csv"])


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.csv", "", r"a\.csv: the table has no rows"),
        ("a.csv", "question,score\n", r"a\.csv: the table has no rows"),
        ("a.csv", "question,score\na,1\nb\n", r"a\.csv:3: a row must have as many cells as the header, 2; it has 1"),
        ("a.csv", "score,score\n1,1\n", r"a\.csv:1: .*'score' is given 2 times"),
        ("a.csv", "question,,\n1,1,1\n", r"a\.csv:1: each column must have a name"),
        ("a.csv", 'question,score\n"a,1\n', r"a\.csv:\d+: the rest of the table cannot be read"),
        ("a.xlsx", "x", r"a\.xlsx: the name of a table must end in \.csv.*\.parquet"),
        ("a.parquet", "x", r"a\.parquet: must be a whole file in Parquet's format"),
        ("a.csv.gz", "x", r"a\.csv\.gz: must be a whole file compressed as \.gz"),
    ],
)
def test_a_broken_file_is_said_with_its_place(tmp_path: Path, name: str, text: str, message: str) -> None:
    """Nothing is read past it."""
    (tmp_path / name).write_text(text)
    with pytest.raises(DataError, match=message):
        read_table([tmp_path / name])


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    """With its path."""
    with pytest.raises(DataError, match=r"none\.csv: the file cannot be read"):
        read_table([tmp_path / "none.csv"])


def test_parquet_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CSV needs nothing."""
    (tmp_path / "a.parquet").write_bytes(b"")
    monkeypatch.setattr(extras, "find_spec", lambda module: None)
    with pytest.raises(DataError, match=r"pip install 'tradespace\[parquet\]'"):
        read_table([tmp_path / "a.parquet"])
