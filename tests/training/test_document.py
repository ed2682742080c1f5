"""Tables go between markers, and nowhere else."""

from pathlib import Path

import pytest

from training.document import insert


def test_only_what_stands_between_the_markers_is_replaced(tmp_path: Path) -> None:
    """Prose around them, and other sections, stay."""
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- x: begin -->\nold\n<!-- x: end -->\nb\n<!-- y: begin -->kept<!-- y: end -->\n")
    insert(page, "x", "new\n")
    assert page.read_text() == (
        "a\n<!-- x: begin -->\n\nnew\n\n<!-- x: end -->\nb\n<!-- y: begin -->kept<!-- y: end -->\n"
    )


def test_a_page_without_the_markers_is_refused(tmp_path: Path) -> None:
    """Rather than left as it is, with old figures."""
    page = tmp_path / "page.md"
    page.write_text("nothing")
    with pytest.raises(ValueError, match="x: begin"):
        insert(page, "x", "new")
