"""The rows of a CSV file as records of texts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tradespace.data.readers.draft import Draft
from tradespace.data.readers.text_files import delimiter_of, file_kind, noted_text, table_rows

SEPARATOR = "|"
"""What stands between the texts of a cell that holds several."""


def csv_records(file: Path, draft: Draft) -> Iterator[tuple[int, dict[str, str]]]:
    """Line and named cells of each row. Columns are separated by commas, semicolons or tabs, in a `.tsv` by tabs."""
    text = noted_text(file, draft)
    if text is None:
        return
    rows = table_rows(text, file, draft, delimiter="\t" if file_kind(file) == ".tsv" else delimiter_of(text))
    line, names = next(rows, (1, []))
    header = [name.strip() for name in names]
    if not _is_unambiguous(header, f"{file}:{line}", draft):
        return
    for line, cells in rows:
        if len(cells) == len(header):
            yield line, dict(zip(header, cells, strict=True))
        else:
            draft.fail(
                f"a row must have as many cells as the header, {len(header)}; it has {len(cells)}", f"{file}:{line}"
            )


def _is_unambiguous(header: list[str], where: str, draft: Draft) -> bool:
    """Whether it names each column once; what is wrong is noted. A column without a name, as pandas writes, is one."""
    repeated = [name for name in dict.fromkeys(header) if header.count(name) > 1]
    for name in repeated:
        draft.fail(f"each column must have a name of its own; {name!r} is given {header.count(name)} times", where)
    return not repeated


def split_cell(cell: str) -> list[str]:
    """The texts of a cell that holds several, without the empty ones."""
    return [part.strip() for part in cell.split(SEPARATOR) if part.strip()]
