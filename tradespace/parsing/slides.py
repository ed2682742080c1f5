"""PowerPoint files (.pptx), by python-pptx: each slide is a page, and its title a heading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, ClassVar

from tradespace.files import parsing
from tradespace.parsing.base import MOST_PARSED_BYTES, ParsedDocument, StructuredText
from tradespace.parsing.office import require_whole_archive, table_text


@dataclass(frozen=True)
class SlideDeck:
    """Title first, then texts and tables from top to bottom and from left to right, then the speaker's notes. The words
    of diagrams and pictures are left out."""

    kind: ClassVar[str] = "a PowerPoint file (.pptx)"
    suffixes: ClassVar[tuple[str, ...]] = (".pptx", ".pptm")
    packages: ClassVar[tuple[str, ...]] = ("pptx",)
    most_bytes: ClassVar[int] = MOST_PARSED_BYTES

    def parse(self, content: bytes, where: str) -> ParsedDocument:
        require_whole_archive(content, self.kind, where)
        from pptx import Presentation

        with parsing(self.kind, where):
            deck = Presentation(BytesIO(content))
            text = StructuredText(where)
            for slide in deck.slides:
                text.begin_page()
                _add_slide(text, slide)
            return text.document(deck.core_properties.title or "")


def _add_slide(text: StructuredText, slide: Any) -> None:
    title = slide.shapes.title
    if title is not None:
        text.add_heading(title.text_frame.text, 1)
    for shape in _in_reading_order(slide.shapes):
        if title is None or shape.shape_id != title.shape_id:
            text.add(_words(shape))
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        text.add(slide.notes_slide.notes_text_frame.text.strip())


def _in_reading_order(shapes: Iterable[Any]) -> Iterator[Any]:
    """Shapes by where they stand; those of a group together."""
    for shape in sorted(shapes, key=lambda shape: (shape.top or 0, shape.left or 0)):
        if hasattr(shape, "shapes"):
            yield from _in_reading_order(shape.shapes)
        else:
            yield shape


def _words(shape: Any) -> str:
    if shape.has_table:
        return table_text([cell.text for cell in row.cells] for row in shape.table.rows)
    if not shape.has_text_frame:
        return ""
    paragraphs = (paragraph.text.replace("\v", "\n").strip() for paragraph in shape.text_frame.paragraphs)
    return "\n".join(filter(None, paragraphs))
