"""Small real files of every format, made here: nothing binary is kept."""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Sequence

from docx import Document
from fpdf import FPDF
from pptx import Presentation

LINE, CLOSE_LINE = 7, 5
COLUMNS = (15, 115)


def pdf(
    pages: Sequence[str], *, title: str = "", outline: Sequence[tuple[str, int, int]] = (), password: str = ""
) -> bytes:
    """A page for each text; an empty one has a frame drawn on it, as if it held a picture. The outline is given as
    title, level from 0 and page from 0."""
    made = _new_pdf(title, password)
    for number, text in enumerate(pages):
        made.add_page()
        for name, level, page in outline:
            if page == number:
                made.start_section(name, level)
        if text:
            made.multi_cell(0, LINE, text, new_x="LMARGIN", new_y="NEXT")
        else:
            made.rect(20, 20, 100, 100)
    return bytes(made.output())


def two_column_pdf(left: Sequence[str], right: Sequence[str]) -> bytes:
    """A page in two columns that was written line by line, over both."""
    return table_pdf(list(zip(left, right, strict=True)))


def table_pdf(rows: Sequence[tuple[str, str]]) -> bytes:
    """A page with the cells of a table, written row by row."""
    made = _new_pdf()
    made.add_page()
    for number, row in enumerate(rows):
        for x, cell in zip(COLUMNS, row, strict=True):
            made.text(x, 30 + CLOSE_LINE * number, cell)
    return bytes(made.output())


def _new_pdf(title: str = "", password: str = "") -> FPDF:
    made = FPDF()
    made.set_font("helvetica", size=11)
    if title:
        made.set_title(title)
    if password:
        made.set_encryption(owner_password=password + "!", user_password=password)
    return made


def bomb_pdf(size: int) -> bytes:
    """A page whose content unfolds to so many spaces."""
    packer = zlib.compressobj(9)
    packed = b"".join([*(packer.compress(b" " * 2**20) for _ in range(size // 2**20 + 1)), packer.flush()])
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed),
    )
    made, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    tail = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(made))
    return made + head + tail


def word_file(title: str = "") -> bytes:
    """Two headings of two levels, text, and a table."""
    made = Document()
    made.core_properties.title = title
    made.add_heading("Returns", level=1)
    made.add_paragraph("A purchase may be returned within 30 days.")
    made.add_heading("Damage", level=2)
    made.add_paragraph("Damaged goods may be returned within 2 years.")
    table = made.add_table(rows=2, cols=2)
    for row, cells in zip(table.rows, [("country", "days"), ("Norway", "60")], strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    return _saved(made)


def slide_deck() -> bytes:
    """Two slides with titles, one of them with speaker's notes."""
    made = Presentation()
    for title, text, notes in [("Returns", "Within 30 days.", "Say this slowly."), ("Costs", "The customer pays.", "")]:
        slide = made.slides.add_slide(made.slide_layouts[1])
        slide.shapes.title.text_frame.text = title
        slide.placeholders[1].text_frame.text = text
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
    return _saved(made)


def _saved(made: object) -> bytes:
    file = io.BytesIO()
    made.save(file)  # type: ignore[attr-defined]
    return file.getvalue()


def notebook() -> bytes:
    """Prose with headings, and a cell of code with an output."""
    cells = [
        {"cell_type": "markdown", "source": ["# Returns\n", "How often are things sent back?"], "metadata": {}},
        {
            "cell_type": "code",
            "source": "rate = 30 / 100",
            "metadata": {},
            "execution_count": 1,
            "outputs": [{"output_type": "stream", "name": "stdout", "text": ["printed"]}],
        },
        {"cell_type": "markdown", "source": "## Costs\nThe customer pays.", "metadata": {}},
    ]
    metadata = {"language_info": {"name": "python"}}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}).encode()


PAGE = """<!DOCTYPE html>
<html><head><title>The shop's  rules</title><script>var hidden = "script";</script></head>
<body>
<nav><a href="/">Home</a> <a href="/jobs">Jobs</a></nav>
<main>
<h1>Returns</h1>
<p>A purchase may be <b>returned</b>
within 30&nbsp;days.<!-- not for reading --> Keep the receipt.</p>
<h2>Damage</h2>
<ul><li>Within <i>2 years</i></li><li><p>In any shop</p></li></ul>
<table><caption>Days</caption><tr><th>country</th><th>days</th></tr><tr><td>Norway</td><td><p>60</p></td></tr></table>
<pre>line one
  line two</pre>
</main>
<footer>Imprint</footer>
</body></html>
"""
