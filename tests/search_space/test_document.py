"""YAML with positions."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.errors import SpaceError
from tradespace.search_space.document import dump, parse_yaml, read_file

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1), inner, max_size=3),
    max_leaves=10,
)


@given(PLAIN)
def test_plain_data_is_read_back_as_it_was_written(data: object) -> None:
    """Text that looks like a number in scientific notation, or holds odd line breaks, included."""
    assert parse_yaml(dump(data), "f").data == data


@pytest.mark.parametrize("text", ["0E0", "1e-3", "a\x85b", "\u2028", " ", "null", "é"])
def test_odd_texts_are_read_back(text: str) -> None:
    """What the search of examples has found so far."""
    assert parse_yaml(dump({text: [text]}), "f").data == {text: [text]}


def test_every_value_has_its_line() -> None:
    """A mapping's value has the line of its key, a list's item its own."""
    document = parse_yaml("a:\n  b: [1,\n    2]\nc:\n- x\n- y: z\n", "f.yaml")
    expected = {("a",): 1, ("a", "b"): 2, ("a", "b", 1): 3, ("c",): 4, ("c", 0): 5, ("c", 1, "y"): 6}
    assert {route: document.where(route) for route in expected} == {r: f"f.yaml:{line}" for r, line in expected.items()}


def test_a_route_that_the_document_lacks_has_the_line_above_it() -> None:
    """A missing value is looked for where it should have been."""
    assert parse_yaml("a: 1\nb:\n  c: 2\n", "f").where(("b", "missing", 3)) == "f:2"


def test_duplicate_keys_are_faults() -> None:
    """Of a key given twice, the second is a fault that names the line of the first."""
    with pytest.raises(SpaceError) as caught:
        parse_yaml("a: 1\nb: 2\na: 3\n", "f").raise_faults()
    assert str(caught.value) == "f:3: 'a' is given twice, first in line 1; keep one"


def test_anchors_and_merges_are_followed() -> None:
    """An alias stands for its anchor, `<<` brings in a mapping's keys, and own keys win."""
    document = parse_yaml("base: &b {x: 1, y: 2}\nown: {<<: *b, y: 3}\nagain: *b\n", "f")
    assert document.data == {"base": {"x": 1, "y": 2}, "own": {"x": 1, "y": 3}, "again": {"x": 1, "y": 2}}
    assert not document.faults


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1, 2", "f:1: must be YAML"),
        ("a: 1\n\tb: 2", "f:2: must be YAML"),
        ("a: &x [*x]", "f:1: an alias must not contain itself"),
        ("? [1, 2]\n: 3", "f:1: a key must be a name"),
        ("--- 1\n--- 2\n", "must be YAML"),
        ("a: *nowhere", "f:1: must be YAML"),
        ("[" * 5000, "f: must be YAML; it is nested deeper than 50 levels"),
    ],
)
def test_what_is_not_readable_is_said_with_its_line(text: str, message: str) -> None:
    """Broken YAML, endless aliases and keys that are no names are refused."""
    with pytest.raises(SpaceError) as caught:
        parse_yaml(text, "f")
    assert message in str(caught.value)


def test_no_object_is_made() -> None:
    """A tag that would call Python is a fault, and nothing is called."""
    document = parse_yaml("a: !!python/object/apply:os.system ['false']\nb: !!python/name:os.system ''\n", "f")
    with pytest.raises(SpaceError, match="must be plain data"):
        document.raise_faults()


def test_a_small_file_cannot_describe_an_enormous_one() -> None:
    """Nested aliases are followed up to a hundred thousand values."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 8)]
    with pytest.raises(SpaceError, match="at most 100,000 values"):
        parse_yaml("\n".join(lines), "f")


@pytest.mark.parametrize(("text", "number"), [("1e-3", 1e-3), ("2E5", 2e5), ("-1.5e+2", -150.0), (".5e1", 5.0)])
def test_scientific_notation_is_a_number(text: str, number: float) -> None:
    """1e-3 is a number, as in YAML 1.2, though YAML 1.1 takes it for text."""
    assert parse_yaml(f"a: {text}", "f").data == {"a": number}


def test_a_file_that_is_not_there_or_not_text_is_said(tmp_path: Path) -> None:
    """Missing files, folders and other encodings are faults of the file."""
    (tmp_path / "latin").write_bytes("a: é".encode("latin-1"))
    for name, message in {
        "none": "cannot be read",
        "": "must be a regular file; it is a folder",
        "latin": "UTF-8",
    }.items():
        with pytest.raises(SpaceError, match=message):
            read_file(tmp_path / name)


def test_faults_are_reported_in_the_order_of_the_lines_each_once() -> None:
    """Faults are sorted by line, and the same fault is not repeated."""
    document = parse_yaml("a: 1\nb: 2\n" + "\n" * 9 + "c: 3\n", "f")
    for name in ("c", "b", "a", "b"):
        document.fault((name,), "wrong")
    with pytest.raises(SpaceError) as caught:
        document.raise_faults()
    assert str(caught.value).splitlines() == ["f:1: wrong", "f:2: wrong", "f:12: wrong"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("!!int ''", "must be plain data"),
        ("!!float ''", "must be plain data"),
        ("!!bool perhaps", "must be plain data"),
        ("!!timestamp soon", "must be plain data"),
        ("!!timestamp 2001-99-99", "must be plain data"),
        ("9" * 5000, "must be plain data"),
        ("0x" + "f" * 5000, "a number of at most 300 digits"),
        ('"half \\ud83d"', "a lone surrogate"),
        (
            "[010, 1]",
            "'010' is 8 in some versions of YAML; put it in quotes if it is text, or write the number in full",
        ),
        ("[12:30]", "'12:30' is 750 in some versions of YAML"),
        ("-1:30.5", "'-1:30.5' is -90.5 in some versions of YAML"),
    ],
)
def test_odd_values_are_faults_with_their_line(text: str, problem: str) -> None:
    """Whatever PyYAML raises for a value, or reads otherwise than people do, is said where it stands."""
    document = parse_yaml(f"a: 1\nb: {text}\n", "f")
    with pytest.raises(SpaceError) as caught:
        document.raise_faults()
    assert str(caught.value).startswith("f:2: ")
    assert problem in str(caught.value)


@pytest.mark.parametrize("text", ["010", "!!int x", '"\\ud83d"'])
def test_a_refused_value_causes_no_second_fault(text: str) -> None:
    """None stands in its place, which nobody wrote; other lines keep their faults."""
    document = parse_yaml(f"a: [{text}, 2]\nb: 1\n", "f")
    document.fault(("a", 0), "must be an integer; given: None")
    document.fault(("b",), "wrong")
    with pytest.raises(SpaceError) as caught:
        document.raise_faults()
    first, second = caught.value.faults
    assert first.where == "f:1"
    assert "None" not in first.message
    assert str(second) == "f:2: wrong"


@pytest.mark.parametrize("text", ["0", "10", "0.5", "00x", "0o10", "0x1f", "1:x", "'010'", '"12:30"', "1.0.0"])
def test_plain_numbers_and_quoted_text_stay(text: str) -> None:
    """Only what YAML 1.1 reads to base 8 or 60 is refused."""
    assert not parse_yaml(f"a: {text}", "f").faults


def test_a_character_that_yaml_forbids_is_found_on_its_line() -> None:
    """A zero byte, as a damaged file has it."""
    with pytest.raises(SpaceError, match=r"^f:3: must be YAML; unacceptable character #x0000"):
        parse_yaml("a: 1\nb: 2\nc: \x00\n", "f")


def test_a_device_or_pipe_is_no_search_space(tmp_path: Path) -> None:
    """It is refused before it is read."""
    with pytest.raises(SpaceError, match="must be a regular file; it is a device"):
        read_file(Path("/dev/zero"))
    os.mkfifo(tmp_path / "space.yaml")
    with pytest.raises(SpaceError, match="must be a regular file; it is a named pipe"):
        read_file(tmp_path / "space.yaml")
