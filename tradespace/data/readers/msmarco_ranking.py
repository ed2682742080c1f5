from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from tradespace.data.readers.base import DatasetReading
from tradespace.data.readers.draft import Draft, Place
from tradespace.data.readers.judged import RelevanceJudgement, add_judged, finite_score
from tradespace.data.readers.paragraphs import titled
from tradespace.data.readers.text_files import at, file_kind, tab_lines
from tradespace.types import Document, Question

_PASSAGES, _PAGES = "collection.tsv", "msmarco-docs.tsv"


@dataclass(frozen=True)
class MSMARCORanking:
    """A folder of MS MARCO's passage or document ranking: texts, queries and judgements (qrels), between tabs.

    `collection.tsv` has an id and a passage on each line, `msmarco-docs.tsv` an id, an address, a title and a text; a
    title becomes the first line of its text. Every file with `queries` in its name has an id and a query, every one
    with `qrels` the four columns of TREC. The queries that are judged become questions; documents judged above 0 are
    gold. There are no answers. Files may be compressed (`.gz`).
    """

    name: ClassVar[str] = "msmarco_ranking"
    layout: ClassVar[str] = "a folder with collection.tsv or msmarco-docs.tsv, queries and qrels"

    def detects(self, path: Path) -> bool:
        return bool(_named(_PASSAGES, path) or _named(_PAGES, path))

    def read(self, path: Path) -> DatasetReading:
        draft = Draft(path.name, self.name)
        for file in _named(_PASSAGES, path) or _named(_PAGES, path) or [path / _PASSAGES]:
            draft.documents += _documents(file, draft)
        judgements = [judged for file in _containing("qrels", path, draft) for judged in _judgements(file, draft)]
        queries = [query for file in _containing("queries", path, draft) for query in _queries(file, draft)]
        add_judged(queries, judgements, "the files of queries", draft)
        return draft.reading()


def _named(name: str, folder: Path) -> list[Path]:
    """The file of that name, or the compressed one if only that is there; none where neither is."""
    return [file for file in (folder / name, folder / f"{name}.gz") if file.is_file()][:1]


def _containing(word: str, folder: Path, draft: Draft) -> list[Path]:
    """The files with a word in their names; that there is none is noted."""
    found = sorted(file for file in folder.glob(f"*{word}*") if file_kind(file) in (".tsv", ".txt") and file.is_file())
    if not found:
        draft.fail(f"at least one file with {word!r} in its name is needed; none was found", str(folder))
    return found


def _cells(file: Path, draft: Draft, columns: str) -> Iterator[tuple[Place, list[str]]]:
    """The cells of each line that has as many as there are columns; of the others a fault says so."""
    width = columns.count(",") + 1
    for line, cells in tab_lines(file, draft):
        if len(cells) == width:
            yield at(file, line), cells
        else:
            draft.fail(
                f"a line must have {width} cells between tabs ({columns}); it has {len(cells)}", f"{file}:{line}"
            )


def _documents(file: Path, draft: Draft) -> Iterator[tuple[Document, Place]]:
    if file.name.startswith(_PASSAGES):
        for place, (id, text) in _cells(file, draft, "id, passage"):
            yield Document(id, text), place
    else:
        for place, (id, _, title, text) in _cells(file, draft, "id, address, title, text"):
            yield Document(id, titled(title, text), title), place


def _queries(file: Path, draft: Draft) -> Iterator[tuple[Question, Place]]:
    for place, (id, query) in _cells(file, draft, "id, query"):
        yield Question(id, query), place


def _judgements(file: Path, draft: Draft) -> Iterator[RelevanceJudgement]:
    for line, cells in tab_lines(file, draft):
        try:
            query, _, document, score = cells if len(cells) > 1 else cells[0].split()
            yield RelevanceJudgement(query, document, finite_score(score), at(file, line))
        except ValueError:
            valid = "a judgement must be: query-id, 0, document-id, number, between tabs or spaces"
            draft.fail(f"{valid}; given: {cells}", f"{file}:{line}")
