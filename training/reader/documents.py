"""Puts measured tables into a document, between markers."""

from __future__ import annotations

from pathlib import Path

DOCUMENT = Path("docs/models-reader.md")


def insert(document: Path, name: str, tables: str) -> None:
    """Replaces what stands between `<!-- NAME: begin -->` and `<!-- NAME: end -->` in `document`.

    Raises:
        ValueError: a marker is missing.
    """
    text = document.read_text(encoding="utf-8")
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, after = text[: text.index(begin) + len(begin)], text[text.index(end) :]
    document.write_text(f"{before}\n\n{tables.strip()}\n\n{after}", encoding="utf-8")
