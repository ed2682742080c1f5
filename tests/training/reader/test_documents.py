"""Measured tables in documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.reader.documents import insert

PAGE = "before\n<!-- one: begin -->\nold\n<!-- one: end -->\nbetween\n<!-- two: begin -->\nkept\n<!-- two: end -->\n"


def test_a_table_replaces_the_one_before(tmp_path: Path) -> None:
    """What stands between the markers of that name is replaced; all else stays, however often it is done."""
    page = tmp_path / "page.md"
    page.write_text(PAGE)
    for _ in range(2):
        insert(page, "one", "| new |\n")
        assert page.read_text() == PAGE.replace("\nold\n", "\n\n| new |\n\n")


def test_a_page_without_the_markers_is_refused(tmp_path: Path) -> None:
    """Nothing is written where no place was made for it."""
    page = tmp_path / "page.md"
    page.write_text(PAGE)
    with pytest.raises(ValueError, match="not found"):
        insert(page, "three", "| new |")
    assert page.read_text() == PAGE
