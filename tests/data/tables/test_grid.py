"""Grids out of tables, and everything that can be wrong with one."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.data.tables.conftest import LONG, Grid, grid_of
from tradespace.data.tables import RecordedGrid, TableColumns, read_table, recorded_grid, resolved_columns
from tradespace.errors import DataError, InputError

NAMED = TableColumns(("model", "top_k"), "query_id", ("f1",), "latency_ms", "usd")


def test_cells_stand_in_their_places(grid: Grid) -> None:
    """By pipeline and question, NaN where one is missing; milliseconds become seconds."""
    read = grid(LONG)
    assert read.settings == (
        {"model": "small", "top_k": 1},
        {"model": "small", "top_k": 3},
        {"model": "large", "top_k": 1},
    )
    assert read.questions == ("a", "b")
    np.testing.assert_array_equal(read.scores["f1"], [[0.5, math.nan], [1, 0.25], [1, 0.75]])
    assert read.seconds is not None
    np.testing.assert_allclose(read.seconds, [[0.01, 0.02], [0.03, 0.04], [0.1, 0.2]])
    assert read.usd is not None
    assert read.usd[2].tolist() == [0.01, 0.01]


def test_what_is_missing_is_said(grid: Grid) -> None:
    """How many cells, in how many pipelines, and what is done about it."""
    (note,) = grid(LONG).notes
    assert note.startswith(
        "column 'f1' is missing for 1 of 6 pairs of pipeline and question, in 1 of 3 pipelines; it is"
    )
    (_, slow) = grid(LONG.replace(",200,", ",,")).notes
    assert "infinitely slow" in slow


def test_a_setting_of_one_value_is_said(grid: Grid) -> None:
    """With row and column."""
    (note,) = grid(
        "run,model,id,f1\nx,a,1,1\nx,b,1,0\n", TableColumns(settings=("run", "model"), question="id", scores=("f1",))
    ).notes
    assert "grid.csv:2: column 'run': the setting is 'x' in all rows" in note


def test_words_of_verdicts_are_scores(grid: Grid) -> None:
    """Whatever their case."""
    assert grid("model,id,ok\na,1,PASS\nb,1,false\n").scores["ok"].tolist() == [[1.0], [0.0]]


def test_a_range_of_scores_is_stretched_to_that_of_figures(tmp_path: Path) -> None:
    """Its ends become 0 and 1, and rounding beyond them is cut off."""
    (tmp_path / "a.csv").write_text("model,id,cosine\na,1,1.0000001\nb,1,0\nc,1,-1\n")
    table = resolved_columns(read_table([tmp_path / "a.csv"]), TableColumns(("model",), "id", ("cosine",)))
    read = recorded_grid(table, {"cosine": (-1.0, 1.0)})
    assert read.scores["cosine"].tolist() == [[1.0], [0.5], [0.0]]
    assert read.notes == ("column 'cosine': scores from -1 to 1 are shown as 0 to 1",)


def test_columns_that_are_no_names_become_such(grid: Grid) -> None:
    """So that the notation of pipelines can hold them."""
    read = grid("top-k,class,id,f1\n1,x,1,1\n2,y,1,0\n", TableColumns(settings=("top-k", "class")))
    assert list(read.settings[0]) == ["top_k", "class_"]


def test_equal_grids_have_one_address(grid: Grid) -> None:
    """It changes with any figure."""
    assert grid(LONG).key == grid(LONG).key
    assert grid(LONG).key != grid(LONG.replace("0.75", "0.5")).key


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("small,1,c,much,1,1", r"grid\.csv:8: column 'f1': must be a finite number, or empty .*; given: 'much'"),
        ("small,1,c,\"0,5\",1,1", r"grid\.csv:8: column 'f1': .*decimals have a point; given: '0,5'"),
        ("small,1,c,1e999,1,1", r"grid\.csv:8: column 'f1': must be a finite number"),
        ("small,1,c,4,1,1", r"grid\.csv:8: column 'f1': a score must lie from 0 to 1; given: 4.*--range"),
        ("small,1,c,1,-1,1", r"grid\.csv:8: column 'latency_ms': must not be below 0; given: -1"),
        ("small,1,c,1,1,free", r"grid\.csv:8: column 'usd': must be a finite number"),
        ("small,1,,1,1,1", r"grid\.csv:8: column 'query_id': each row must say which question"),
        ("small,1,a,1,1,1", r"grid\.csv:8: pipeline model='small', top_k=1 has question 'a' at .*grid\.csv:2 too"),
        ("large,9,z,1,1,1", r"grid\.csv:8: pipeline .*top_k=9 has no question in common.*'query_id', is 'z'"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_row_and_column(grid: Grid, line: str, message: str) -> None:
    """And with what was given."""
    with pytest.raises(DataError, match=message):
        grid(f"{LONG}{line}\n", NAMED)


def test_all_faults_of_one_kind_are_counted_and_some_shown(grid: Grid) -> None:
    """A table without its settings repeats every question."""
    with pytest.raises(DataError, match=r"and 80 more of this kind") as raised:
        grid("model,id,f1\n" + "a,1,1\n" * 101, TableColumns(("model",), "id", ("f1",)))
    assert len(raised.value.faults) == 21


def test_a_column_of_nothing_is_said(grid: Grid) -> None:
    """A score that no row has can compare nothing."""
    with pytest.raises(DataError, match=r"column 'f1' holds no number"):
        grid("model,id,f1\na,1,\nb,1,NA\n", TableColumns(("model",), "id", ("f1",)))


def test_one_pipeline_alone_is_no_grid(grid: Grid) -> None:
    """There is nothing to compare it with."""
    with pytest.raises(DataError, match=r"all rows are of one pipeline, model='a'.*as settings"):
        grid("model,id,f1\na,1,1\na,2,0\n", TableColumns(("model",), "id", ("f1",)))


CELLS = st.text(st.sampled_from('abc019.,;-"\n\t \x00é'), max_size=4) | st.sampled_from(
    ["a", "b", "1", "0", "0.5", "", "nan", "PASS", "inf", "1e999"]
)

NAMES = ["id", "model", "k", "score", "f1", "latency", "cost", "Status", "Score", "Metric: test", ""]


@given(
    header=st.lists(st.sampled_from(NAMES), max_size=6),
    rows=st.lists(st.lists(CELLS, max_size=6), max_size=8),
    quoted=st.booleans(),
)  # fmt: skip
def test_a_broken_table_is_said_never_raised(
    tmp_path_factory: pytest.TempPathFactory, header: list[str], rows: list[list[str]], quoted: bool
) -> None:
    """Whatever stands in a file, it is a grid or faults, each of which says something."""

    def written(cells: list[str]) -> str:
        return ",".join('"' + cell.replace('"', '""') + '"' if quoted else cell for cell in cells)

    text = "\n".join(map(written, [header, *rows]))
    try:
        read = grid_of(tmp_path_factory.mktemp("broken"), text)
    except InputError as error:
        assert all(fault.message for fault in error.faults)
    else:
        assert consistent(read)


def consistent(read: RecordedGrid) -> bool:
    """Whether a grid is one: tables of one shape, scores in their range, no negative seconds."""
    shape = (len(read.settings), len(read.questions))
    scores = all(
        table.shape == shape and not (table < 0).any() and not (table > 1).any() for table in read.scores.values()
    )
    return scores and (read.seconds is None or not (read.seconds < 0).any()) and replace(read).key == read.key


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.integers(1, 3), st.integers(0, 5), st.floats(0, 1) | st.none()),
        unique_by=lambda row: row[:3],
        min_size=2,
    )
)
def test_every_cell_comes_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, int, int, float | None]]
) -> None:
    """Compared with a plain dictionary, in whatever order the rows stand."""
    text = "model,k,id,f1\n" + "".join(f"{m},{k},{q},{'' if s is None else s}\n" for m, k, q, s in rows)
    try:
        read = grid_of(tmp_path_factory.mktemp("table"), text, TableColumns(("model", "k"), "id", ("f1",)))
    except DataError as error:
        assert any(words in str(error) for words in ("in common", "one pipeline", "no number"))
        return
    known = {(m, k, str(q)): s for m, k, q, s in rows}
    for row, settings in enumerate(read.settings):
        for column, question in enumerate(read.questions):
            value = known.get((str(settings["model"]), int(str(settings["k"])), question))
            figure = read.scores["f1"][row, column]
            assert math.isnan(figure) if value is None else figure == value
