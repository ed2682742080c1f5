"""How much of a question's evidence stands in passages, in characters.

After Smith and Troynikov 2024, "Evaluating Chunking Strategies for Retrieval" (Chroma), who count tokens. White space
counts nowhere: chunkers cut at it, and parsers change it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tradespace.components.chunkers.base import place_in_document
from tradespace.components.sentences import Offsets
from tradespace.folding import fold_places, folded
from tradespace.segmentation import unspaced_share
from tradespace.types import Document, Evidence, Passage, Question

LEAST_LETTERS, LEAST_UNSPACED = 20, 8
"""Where a passage has no known place, so many characters in a row must be those of the evidence: less is in common by
chance. Texts without spaces between words say more in fewer."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Characters of evidence and of passages, without white space.

    Attributes:
        evidence: characters of the evidence; those in two pieces count once.
        found: how many of them stand in a passage.
        retrieved: characters of all passages. Those that were retrieved twice count twice, as they are read twice.
    """

    evidence: int
    found: int
    retrieved: int

    @property
    def recall(self) -> float:
        """Share of the evidence that was found."""
        return self.found / self.evidence if self.evidence else 0.0

    @property
    def precision(self) -> float:
        """Share of what was retrieved that is evidence."""
        return self._shared / self.retrieved if self.retrieved else 0.0

    @property
    def intersection_over_union(self) -> float:
        """What is evidence and was retrieved, as a share of what is either."""
        union = self.evidence + self.retrieved - self._shared
        return self._shared / union if union else 0.0

    @property
    def _shared(self) -> int:
        """A passage in other words or spelling may be shorter than the evidence that stands in it."""
        return min(self.found, self.retrieved)


@dataclass(frozen=True, slots=True)
class Covered:
    """A piece of evidence, and which characters of its text stand in passages."""

    evidence: Evidence
    spans: tuple[Offsets, ...]

    @property
    def share(self) -> float:
        """How much of it was found, from 0 to 1."""
        text = self.evidence.text
        return sum(printed(text[start:end]) for start, end in self.spans) / (printed(text) or 1)

    @property
    def offset(self) -> int:
        """Where its text begins, in the document or in itself."""
        return self.evidence.start or 0

    @property
    def scope(self) -> tuple[str, str]:
        """What offsets count in: the document, or where its place there is not known the text alone."""
        return self.evidence.document_id, "" if self.evidence.start is not None else self.evidence.text


def overlap(question: Question, passages: Sequence[Passage]) -> Overlap:
    """How much of the evidence of a question stands in passages.

    Of the alternatives of a piece that one counts of which the largest share was found. Pieces that are needed together
    are one evidence.
    """
    scopes: defaultdict[tuple[str, str], list[Covered]] = defaultdict(list)
    for piece in covered_pieces(question, passages):
        scopes[piece.scope].append(piece)
    counted = [_counted(pieces) for pieces in scopes.values()]
    return Overlap(
        evidence=sum(evidence for evidence, _ in counted),
        found=sum(found for _, found in counted),
        retrieved=sum(printed(passage.text) for passage in passages),
    )


def covered_pieces(question: Question, passages: Sequence[Passage]) -> list[Covered]:
    """For each piece of a question's evidence the alternative of which the largest share was found."""
    return [
        max((_covered(each, passages) for each in piece), key=lambda covered: covered.share)
        for piece in question.evidence
    ]


def stands_in(question: Question, passage: Passage) -> bool:
    """Whether a passage has a part of any evidence of a question."""
    return any(_spans(each, passage) for piece in question.evidence for each in piece)


def printed(text: str) -> int:
    """How many characters of a text are not white space."""
    return sum(map(len, text.split()))


def _covered(evidence: Evidence, passages: Iterable[Passage]) -> Covered:
    return Covered(evidence, _merged(span for passage in passages for span in _spans(evidence, passage)))


def _counted(pieces: Sequence[Covered]) -> tuple[int, int]:
    """Characters of pieces whose offsets count in the same text, and how many of them were found."""
    spans = _merged((each.offset + start, each.offset + end) for each in pieces for start, end in each.spans)
    evidence = found = reached = 0
    for each in sorted(pieces, key=lambda piece: piece.offset):
        text, offset = each.evidence.text, each.offset
        first, last = max(reached, offset), offset + len(text)
        if first < last:
            evidence += printed(text[first - offset :])
            common = ((max(first, start), min(last, end)) for start, end in spans)
            found += sum(printed(text[start - offset : end - offset]) for start, end in common if start < end)
            reached = last
    return evidence, found


def _merged(spans: Iterable[Offsets]) -> tuple[Offsets, ...]:
    """Spans in order, those that touch as one."""
    merged: list[Offsets] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return tuple(merged)


def _spans(evidence: Evidence, passage: Passage) -> tuple[Offsets, ...]:
    """Which characters of a piece of evidence stand in a passage: by their places, where both are of one text.

    A passage that is elsewhere in that text has none. One whose place is not known, that was rewritten, or that was cut
    from another reading of the document is compared by its characters; so is one of no known document.
    """
    if passage.document_id != evidence.document_id and not passage.is_foreign:
        return ()
    if evidence.start is not None:
        place = place_in_document(passage, Document(evidence.document_id, evidence.source))
        if place is not None:
            start, end = max(place[0] - evidence.start, 0), min(place[1] - evidence.start, len(evidence.text))
            return ((start, end),) if start < end else ()
    return spans_by_characters(evidence.text, passage.text)


@lru_cache(maxsize=2**14)
def spans_by_characters(evidence: str, passage: str) -> tuple[Offsets, ...]:
    """Which characters of the evidence stand in runs of twenty or more that the passage has too.

    White space, letter case, and the signs for quotation marks and dashes don't count (`folded`). Evidence that is
    shorter than such a run must be there as a whole.

    >>> spans_by_characters("Returned within 30 days, at our own cost.", "may be returned  within 30 days, at the shop")
    ((0, 28),)
    """
    sought, there = folded(evidence), folded(passage)
    least = LEAST_UNSPACED if unspaced_share([evidence]) > 0.5 else LEAST_LETTERS
    run = min(least, len(sought))
    starts = [start for start in range(len(sought) - run + 1) if sought[start : start + run] in there]
    places = [*fold_places(evidence), len(evidence)] if starts else []
    return _merged((0 if start == 0 else places[start], places[start + run]) for start in starts)
