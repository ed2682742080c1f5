"""Plain values as text that other programs read: strict JSON, and CSV."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from tradespace.encoding import encodable, visible
from tradespace.reports.columns import NamedRows, PlainValue

JSON_FORMAT = 1
"""Of every JSON document, under the key `format`. Raised where a key changes its meaning or goes; not for a new one."""
_ESCAPED = {code: f"\\u{code:04x}" for code in (*range(0x7F, 0xA0), *range(0xD800, 0xE000))}
_FORMULA = ("=", "+", "-", "@")


def json_text(content: Mapping[str, Any]) -> str:
    r"""An object of plain values and dataclasses as JSON, with the version of its keys in front.

    JSON has neither NaN nor infinities: null stands for them, and for what is not known. Characters that terminals obey
    are escaped.

    >>> json_text({"seconds": float("inf"), "name": "\x9b2J"})
    '{\n "format": 1,\n "seconds": null,\n "name": "\\u009b2J"\n}'
    """
    text = json.dumps(_plain({"format": JSON_FORMAT, **content}), indent=1, ensure_ascii=False, allow_nan=False)
    return text.translate(_ESCAPED)


def csv_text(table: NamedRows) -> str:
    r"""Rows as CSV, below the names of their columns. A value that is None is left empty.

    A spreadsheet runs a text that begins as a formula does, so that has an apostrophe in front, as is usual.

    >>> csv_text((("pipeline", "mrr"), (("bm25(k1=0.9, b=0.4)", 0.5), ("=1+1", None))))
    'pipeline,mrr\n"bm25(k1=0.9, b=0.4)",0.5\n\'=1+1,\n'
    """
    names, rows = table
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(map(_cell, names))
    writer.writerows(map(_cell, row) for row in rows)
    return file.getvalue()


def _cell(value: PlainValue) -> PlainValue:
    match value:
        case bool():
            return str(value).lower()
        case str():
            text = visible(encodable(value))
            return f"'{text}" if text.startswith(_FORMULA) else text
        case _:
            return value


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
