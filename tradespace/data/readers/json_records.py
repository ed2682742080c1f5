"""The records of a `.json` file, in whichever way it holds them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeGuard

from tradespace import files
from tradespace.data.readers.draft import Draft, Place
from tradespace.data.readers.json_position import JSONPosition
from tradespace.data.readers.parquet import row_of
from tradespace.data.readers.text_files import at, json_lines, noted, noted_text

_Rows = Iterable[tuple[int, Any]]
_Places = Callable[[Path, int], Place]


def json_records(file: Path, draft: Draft) -> tuple[_Rows, _Places]:
    """The records of a file, numbered from 1, and where each stands.

    They are a list; or columns, as pandas and MS MARCO write them: `{"question": {"0": …, "1": …}}`; or one on each
    line, as KILT and MS MARCO publish them under this name.
    """
    text = noted_text(file, draft) or ""
    if _has_lines(text):
        return json_lines(file, draft, text), at
    value = noted(lambda: files.json_value(text, file), draft) if text else None
    if isinstance(value, list):
        position = JSONPosition(text)
        return enumerate(value, 1), lambda path, number: lambda: f"{path}:{position.line((number - 1,))}"
    if _is_columns(value):
        return enumerate(_transposed(value), 1), row_of
    if value is not None:
        draft.fail("must be a list of records", f"{file}:1")
    return (), at


def _has_lines(text: str) -> bool:
    first, _, rest = text.lstrip().partition("\n")
    return first.startswith("{") and first.rstrip().endswith("}") and rest.lstrip().startswith("{")


def _is_columns(value: Any) -> TypeGuard[Mapping[str, Mapping[str, Any]]]:
    columns = list(value.values()) if isinstance(value, Mapping) else []
    return bool(columns) and all(isinstance(each, Mapping) and each.keys() == columns[0].keys() for each in columns)


def _transposed(columns: Mapping[str, Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    index = next(iter(columns.values()))
    return ({name: cells[row] for name, cells in columns.items()} for row in index)
