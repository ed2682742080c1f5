"""Measured tables go into a page between two markers, so that no figure of a document is typed by hand."""

from pathlib import Path

PAGE = Path("docs/models.md")


def insert(page: Path, section: str, tables: str) -> None:
    """Replace what stands between `<!-- SECTION: begin -->` and `<!-- SECTION: end -->` on a page.

    Raises:
        ValueError: the page lacks a marker.
    """
    text = page.read_text(encoding="utf-8")
    begin, end = f"<!-- {section}: begin -->", f"<!-- {section}: end -->"
    if begin not in text or end not in text:
        raise ValueError(f"{page} must hold the lines {begin} and {end}, between which the tables go")
    before, after = text[: text.index(begin) + len(begin)], text[text.index(end) :]
    page.write_text(f"{before}\n\n{tables.strip()}\n\n{after}", encoding="utf-8")
