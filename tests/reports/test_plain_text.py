"""Plain values as strict JSON and as CSV."""

from __future__ import annotations

import csv
import io
import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.reports.columns import PlainValue
from tradespace.reports.plain_text import JSON_FORMAT, csv_text, json_text

plain_values = st.none() | st.booleans() | st.integers() | st.floats() | st.text()


def refused(constant: str) -> None:
    pytest.fail(f"JSON has no {constant}")


@given(st.dictionaries(st.text(), st.lists(plain_values) | plain_values))
def test_json_is_strict_and_keeps_every_value(content: dict[str, Any]) -> None:
    """But those that JSON has not: null stands for NaN and infinities. The format is told."""
    content.pop("format", None)
    read = json.loads(json_text(content), parse_constant=refused)
    assert read.pop("format") == JSON_FORMAT
    assert read == {name: finite_parts(value) for name, value in content.items()}


def finite_parts(value: Any) -> Any:
    if isinstance(value, list):
        return [finite_parts(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


@given(st.text(), st.lists(plain_values))
def test_what_is_written_commands_no_terminal_and_can_be_encoded(name: str, values: list[PlainValue]) -> None:
    """Whatever texts hold: control characters are escaped or shown, and lone surrogates are no trouble."""
    rows = (("name", *map(str, range(len(values)))), ((name, *values),))
    for text in (json_text({"name": name, "values": values}), csv_text(rows)):
        text.encode()
        assert not any(ord(char) < 0x20 and char not in "\t\n" for char in text)
        assert not any(0x7F <= ord(char) < 0xA0 for char in text)


@given(st.lists(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text("abc(),\"' \n")))
def test_csv_reads_back(values: list[PlainValue]) -> None:
    """As texts: nothing is left of None, and a flag is true or false."""
    names = [f"column {place}" for place in range(len(values) + 1)]
    read = list(csv.reader(io.StringIO(csv_text((names, (("first", *values),))))))
    assert read == [names, ["first", *map(as_written, values)]]


def as_written(value: PlainValue) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1+2", "@SUM(A1)"])
def test_no_text_is_a_formula(formula: str) -> None:
    """A study that one was sent must run nothing in a spreadsheet."""
    assert csv_text((("pipeline",), ((formula,),))) == f"pipeline\n'{formula}\n"
