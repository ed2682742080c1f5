"""A table with its goals, written as the search-space file that explores it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tradespace.data.tables import TableColumns
from tradespace.search_space.document import dump
from tradespace.search_space.goals import Goals
from tradespace.search_space.goals_yaml import goals_sections
from tradespace.search_space.naming import as_name


def table_yaml(
    paths: Sequence[Path],
    columns: TableColumns,
    ranges: Mapping[str, tuple[float, float]],
    questions: Mapping[str, int],
    goals: Goals,
) -> str:
    """The file, with every column said; paths are as they are given.

    Args:
        paths: of the table.
        columns: what its columns are.
        ranges: of scores that do not reach from 0 to 1.
        questions: how they are split: `explore`, `confirm` and `seed`.
        goals: what pipelines are judged by.
    """
    tables = [str(path) for path in paths]
    said: dict[str, Any] = {name: _plain(value) for name, value in asdict(columns).items() if value}
    if ranges:
        said["ranges"] = {name: list(bounds) for name, bounds in ranges.items()}
    data = {"table": tables[0] if len(tables) == 1 else tables, "columns": said, **questions}
    return dump({"name": as_name(paths[0].name.partition(".")[0]), "data": data, **goals_sections(goals)})


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
