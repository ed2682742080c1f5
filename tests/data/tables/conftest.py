"""Small tables, written and read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tradespace.data.tables import RecordedGrid, TableColumns, read_table, recorded_grid, resolved_columns

LONG = """\
model,top_k,query_id,f1,latency_ms,usd
small,1,a,0.5,10,0.001
small,1,b,,20,0.001
small,3,a,1,30,0.002
small,3,b,0.25,40,0.002
large,1,a,1,100,0.01
large,1,b,0.75,200,0.01
"""
"""Three pipelines on two questions, with one score missing; top_k=3 of `large` was not measured."""

Grid = Callable[..., RecordedGrid]


def grid_of(folder: Path, text: str, columns: TableColumns | None = None, name: str = "grid.csv") -> RecordedGrid:
    """The grid of a table that is written to a file first."""
    (folder / name).write_text(text, encoding="utf-8")
    return recorded_grid(resolved_columns(read_table([folder / name]), columns or TableColumns()))


@pytest.fixture
def grid(tmp_path: Path) -> Grid:
    """Read a text as a table."""

    def read(text: str, columns: TableColumns | None = None, name: str = "grid.csv") -> RecordedGrid:
        return grid_of(tmp_path, text, columns, name)

    return read
