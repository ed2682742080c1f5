"""Evidence as people write it, and the places in documents that it stands for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import islice
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, model_validator

from tradespace.data.nearest_passage import nearest_passage
from tradespace.encoding import encodable
from tradespace.errors import DataError, nearest
from tradespace.folding import fold_places, folded
from tradespace.types import Document, Evidence

MOST_PLACES = 50
"""A quote that stands at more places than these says too little to be evidence."""
QUOTED_CHARACTERS = 100
"""Of a long quote, in messages."""
CHARACTERS_BEFORE = 30
"""That a quote and what was probably meant share, where they differ further on."""


class Quotation(BaseModel):
    """A piece of evidence as it is written: words, in a document or wherever they stand, or characters of a document.

    Attributes:
        document: the id of the document; empty where the words are to be looked for.
        quote: the words; empty where the characters are given.
        start, end: the characters `start:end` of the document's text, where there is no quote.
    """

    model_config = ConfigDict(frozen=True, coerce_numbers_to_str=True)

    document: str = ""
    quote: str = ""
    start: int | None = None
    end: int | None = None

    @model_validator(mode="before")
    @classmethod
    def _by_name(cls, value: Any) -> Any:
        """A text alone is a quote; null is as good as not given, and other names are refused."""
        if isinstance(value, str):
            return {"quote": value}
        if not isinstance(value, Mapping):
            return value
        if unknown := [str(name) for name in value if name not in cls.model_fields]:
            raise ValueError(f"{unknown[0]!r} is not read; {nearest(unknown[0], list(cls.model_fields))}")
        return {name: part for name, part in value.items() if part is not None}

    @model_validator(mode="after")
    def _is_one_of_two(self) -> Self:
        by_place = self.start is not None and self.end is not None and bool(self.document) and not self.quote
        by_quote = self.start is None and self.end is None and bool(self.quote.strip())
        if not by_place and not by_quote:
            raise ValueError(
                "evidence is a quote, or has `document` and `quote`, or has `document`, `start` and `end` (the "
                f"characters start:end of its text, from 0); given: {self.model_dump(exclude_unset=True)}"
            )
        return self


QuotedPieces = tuple[tuple[Quotation, ...], ...]
"""The evidence of a question as it is written: for each of the pieces needed together, those of which any will do."""


class SearchedTexts:
    """The texts of documents by their ids, to look for quotations in; folded once they are needed so."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self.texts: Mapping[str, str] = {document.id: document.text for document in documents}
        self._folded: dict[str, str] = {}

    def exactly(self, quote: str, names: Iterable[str]) -> Iterator[Evidence]:
        """Every place in the named documents at which a quote stands as it is written."""
        for name in names:
            for start in _occurrences(quote, self.texts[name]):
                yield self.evidence(name, start, start + len(quote))

    def alike(self, quote: str, names: Iterable[str]) -> Iterator[Evidence]:
        """Every place in the named documents at which a quote stands, but for white space, letter case, and which
        marks and dashes are used."""
        sought = folded(quote)
        for name in names if sought else ():
            starts = list(_occurrences(sought, self._folded_text(name)))
            places = fold_places(self.texts[name]) if starts else []
            for start in starts:
                yield self.evidence(name, places[start], places[start + len(sought) - 1] + 1)

    def evidence(self, name: str, start: int, end: int) -> Evidence:
        """The characters `start:end` of a document."""
        text = self.texts[name]
        return Evidence(name, text[start:end], start, text)

    def _folded_text(self, name: str) -> str:
        if name not in self._folded:
            self._folded[name] = folded(self.texts[name])
        return self._folded[name]


def located_evidence(
    quotation: Quotation, gold: Sequence[str], searched: SearchedTexts, *, suggesting: bool = True
) -> tuple[Evidence, ...]:
    """Every place that a quotation stands for, of which any will do.

    A quote without a document is looked for in the gold documents, and in all others if it stands in none of them. It
    is looked for as it is written first; if that is nowhere, white space, letter case, and the signs for quotation
    marks and dashes don't count.

    Args:
        quotation: what is looked for.
        gold: ids of gold documents; those that are missing are passed over.
        searched: all documents.
        suggesting: whether the error says what was probably meant, which takes time.

    Raises:
        DataError: it stands nowhere, or at too many places. The message has no place in a file.
    """
    name, known = encodable(quotation.document), searched.texts
    if name and name not in known:
        match = get_close_matches(name, known, n=1) if suggesting else []
        raise DataError(f"its document {name!r} is missing{f' (did you mean {match[0]!r}?)' if match else ''}")
    if quotation.start is not None and quotation.end is not None:
        return (_characters(name, quotation.start, quotation.end, searched),)
    first = [name] if name else [each for each in gold if each in known]
    return _places(encodable(quotation.quote.strip()), name, first, searched, suggesting=suggesting)


def _characters(name: str, start: int, end: int, searched: SearchedTexts) -> Evidence:
    length = len(searched.texts[name])
    if not 0 <= start < end <= length:
        raise DataError(
            f"0 <= start < end <= {length}, the length of {name!r} in characters, must hold; given: {start} and {end}"
        )
    found = searched.evidence(name, start, end)
    if not folded(found.text):
        raise DataError(f"the characters {start}:{end} of {name!r} are nothing but white space")
    return found


def _places(
    quote: str, name: str, first: Sequence[str], searched: SearchedTexts, *, suggesting: bool
) -> tuple[Evidence, ...]:
    """Where a quote stands: in the `first` documents, or where none is named in all."""
    for names in (first,) if name else (first, list(searched.texts)):
        found = _some(searched.exactly(quote, names)) or _some(searched.alike(quote, names))
        if len(found) > MOST_PLACES:
            raise DataError(
                f"{_short(quote)} stands at more than {MOST_PLACES} places, too many for evidence: quote more of "
                "it, or give its document, start and end"
            )
        if found:
            return found
    where = f"is not in {name!r}" if name else "is in no document"
    near = _nearest(quote, first or list(searched.texts), searched) if suggesting else None
    if near is None:
        raise DataError(f"{_short(quote)} {where}")
    start = _shortly_before_they_differ(quote, near.text)
    meant = f"did you mean {_short(near.text, start)} in {near.document_id!r}?"
    raise DataError(f"{_short(quote, start)} {where} ({meant})")


def _nearest(quote: str, names: Iterable[str], searched: SearchedTexts) -> Evidence | None:
    return nearest_passage(quote, ((name, searched.texts[name]) for name in names))


def _short(text: str, start: int = 0) -> str:
    """A text on one line, and of a long one the characters from `start` on."""
    line = _on_one_line(text)
    if len(line) <= QUOTED_CHARACTERS:
        return repr(line)
    end = start + QUOTED_CHARACTERS
    return repr(f"{'… ' if start else ''}{line[start:end]}{' …' if end < len(line) else ''}")


def _shortly_before_they_differ(one: str, other: str) -> int:
    pairs = zip(_on_one_line(one), _on_one_line(other), strict=False)
    return max(0, next((place for place, (a, b) in enumerate(pairs) if a != b), 0) - CHARACTERS_BEFORE)


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _some(places: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """All of them, or one more than there may be."""
    return tuple(islice(places, MOST_PLACES + 1))


def _occurrences(sought: str, text: str) -> Iterator[int]:
    """Where a text begins in another, each time behind the one before."""
    start = text.find(sought)
    while start >= 0:
        yield start
        start = text.find(sought, start + len(sought))
