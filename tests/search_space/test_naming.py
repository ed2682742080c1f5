"""A name is a name: a folder is called by it, and it leads nowhere else."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.search_space.test_specification import MINIMAL, faults
from tradespace.search_space.naming import MOST_NAME_BYTES, as_name, name_fault
from tradespace.search_space.specification import load_text


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("../../evil", "must not hold '/'"),
        ("/etc/evil", "must not hold '/'"),
        ("..", "must neither begin nor end with a dot or a space"),
        (".", "must neither begin nor end with a dot or a space"),
        (".ssh", "must neither begin nor end with a dot or a space"),
        ("evil ", "must neither begin nor end with a dot or a space"),
        ("..\\\\evil", "must not hold '\\\\'"),
        ("C:evil", "must not hold ':'"),
        ("a\\nb", "must not hold '\\n'"),
        ("a\\0b", "must not hold '\\x00'"),
        ("a\\u202eb", "must not hold '\\u202e'"),
        ("字" * 67, "must be at most 200 bytes long"),
        ("a" * 201, "must be at most 200 bytes long"),
    ],
)
@pytest.mark.usefixtures("small_registry")
def test_what_is_no_name_is_a_fault_with_its_line(name: str, message: str) -> None:
    """It would lie outside of `studies/`, be hidden, or not be a file name somewhere."""
    (fault,) = faults("# a comment\n" + MINIMAL.replace("name: n", f'name: "{name}"'))
    assert fault.startswith(f"f:2: the name {message}: it becomes the name of a folder; given: ")


@pytest.mark.parametrize(
    "name", ["wikipedia-100ms", "My docs (v1.2)", "字の名", "~home", "a" * MOST_NAME_BYTES, "a..b"]
)
@pytest.mark.usefixtures("small_registry")
def test_ordinary_names_are_taken(name: str) -> None:
    """In any language, with spaces and points inside."""
    assert load_text(MINIMAL.replace("name: n", f'name: "{name}"')).name == name


@given(st.text())
def test_whatever_is_taken_is_a_folder_below_the_one_it_is_made_in(text: str) -> None:
    """And every text has a name near it."""
    name = text if name_fault(text) is None else as_name(text)
    assert name_fault(name) is None
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).mkdir()
        assert [made.name for made in Path(folder).iterdir()] == [name]
