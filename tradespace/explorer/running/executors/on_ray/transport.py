"""Requests and outcomes on their way between processes: a passage of the corpus, which both have, goes as its id."""

from __future__ import annotations

import io
import pickle
from collections.abc import Mapping
from typing import Any, NamedTuple

from tradespace.components.corpus import Corpus
from tradespace.types import Failure, Outcome, Passage, ScoredPassage, Timed


class CompactRanking(NamedTuple):
    """A ranking of passages of the corpus: their ids, and their scores."""

    passages: tuple[str, ...]
    scores: tuple[float, ...]


Sent = Outcome | Timed | Failure | CompactRanking
"""An outcome on its way."""


def packed(value: object, corpus: Corpus) -> bytes:
    """A value as bytes, for a process that has an equal corpus.

    Raises:
        pickle.PicklingError, AttributeError, TypeError: something in it cannot be sent.
    """
    written = io.BytesIO()
    _Pickler(written, corpus.by_id).dump(value)
    return written.getvalue()


def unpacked(data: bytes, corpus: Corpus) -> Any:
    """The value that was packed.

    Raises:
        ImportError, AttributeError: a class of it is nowhere to be imported from.
    """
    return _Unpickler(io.BytesIO(data), corpus.by_id).load()


def compact(outcome: Outcome | Timed | Failure, corpus: Corpus) -> Sent:
    """The outcome in its short form, if it is a ranking of passages of the corpus: most of what is sent are."""
    if not isinstance(outcome, tuple):
        return outcome
    known = corpus.by_id
    if any(known.get(scored.passage.id) is not scored.passage for scored in outcome):
        return outcome
    return CompactRanking(tuple(one.passage.id for one in outcome), tuple(one.score for one in outcome))


def from_compact(sent: Sent, corpus: Corpus) -> Outcome | Timed | Failure:
    """The outcome that was made compact."""
    if not isinstance(sent, CompactRanking):
        return sent
    known = corpus.by_id
    return tuple(ScoredPassage(known[name], score) for name, score in zip(*sent, strict=True))


class _Pickler(pickle.Pickler):
    def __init__(self, file: io.BytesIO, known: Mapping[str, Passage]) -> None:
        super().__init__(file, protocol=pickle.HIGHEST_PROTOCOL)
        self._known = known

    def persistent_id(self, value: Any) -> str | None:
        if type(value) is not Passage:
            return None
        known = self._known.get(value.id)
        return value.id if known is value or known == value else None


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, known: Mapping[str, Passage]) -> None:
        super().__init__(file)
        self._known = known

    def persistent_load(self, known: str) -> Passage:
        return self._known[known]
