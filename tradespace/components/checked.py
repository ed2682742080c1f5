"""What components return, checked where it enters: of the right number and kind, numbers finite, text encodable.

Components are other people's code too. What is not sound is a failure of its own, in words, and is never scored,
searched or stored. Half of a surrogate pair in a text, which no file could hold, is replaced by U+FFFD.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradespace.components.calls import CALL_KINDS, kind_returning
from tradespace.components.sound import sound_number, sound_text
from tradespace.errors import ComponentError
from tradespace.types import Answer, Completion, Document, Embedding, Failure, Outcome, Passage, ProgramRun, Timed

OutcomeKind = type[tuple[Any, ...]] | type[Answer] | type[Completion] | type[ProgramRun] | type[Embedding]
_OUTCOMES = tuple(kind.outcome for kind in CALL_KINDS)


def checked(
    component: object, kind: OutcomeKind | None, outcomes: Iterable[Any], count: int
) -> list[Outcome | Timed | Failure]:
    """What an operator returned for `count` requests; a `Failure` in the place of what is not sound.

    Messages name the component. `kind` is the type of its outcomes; None where any is right.

    Raises:
        ComponentError: there are not as many as requests.
    """
    returned = list(outcomes)
    if len(returned) != count:
        raise ComponentError(f"{component!r} must return one outcome for each of {count}; it returned {len(returned)}")
    return [_or_failure(component, kind, outcome) for outcome in returned]


def _or_failure(component: object, kind: OutcomeKind | None, outcome: Any) -> Outcome | Timed | Failure:
    if isinstance(outcome, Failure):
        return outcome
    try:
        if not isinstance(outcome, Timed):
            return checked_outcome(component, kind, outcome)
        return replace(outcome, outcome=checked_outcome(component, kind, outcome.outcome))
    except ComponentError as error:
        return Failure(str(error))


def checked_outcome(component: object, kind: OutcomeKind | None, outcome: Any) -> Outcome:
    """One outcome, with numbers as Python's own and text that can be encoded.

    Raises:
        ComponentError: it is of another type, a number is missing or not finite, or a text is none.
    """
    if not isinstance(outcome, kind or _OUTCOMES):
        kinds = [kind_returning(kind)] if kind else CALL_KINDS
        expected = " or ".join(each.expected for each in kinds)
        raise ComponentError(f"{component!r} must return {expected}; it returned {outcome!r:.200}")
    return kind_returning(type(outcome)).checked(component, outcome)


def checked_documents(component: object, given: Sequence[Document], parsed: Iterable[Any]) -> tuple[Document, ...]:
    """What a parser made of some documents, as they are cut. One that is left without text is not searched.

    Raises:
        ComponentError: something else is among it, a text is none, or it is not one document for each, in order.
    """
    returned = tuple(parsed)
    for document in returned:
        if not isinstance(document, Document):
            raise ComponentError(f"{component!r} must return documents; {document!r:.200} is among them")
    if [document.id for document in returned] != [document.id for document in given]:
        raise ComponentError(f"{component!r} must return one document for each, with its id, in order; it did not")
    sound = (_sound_document(component, document) for document in returned)
    return tuple(document for document in sound if document.text.strip())


def _sound_document(component: object, document: Document) -> Document:
    text = sound_text(component, "a document's text", document.text)
    return document if text is document.text else replace(document, text=text)


def checked_passages(component: object, passages: Iterable[Any]) -> tuple[Passage, ...]:
    """What a chunker cut, as it is indexed.

    Raises:
        ComponentError: something else is among it, a text is none, or two passages have one id.
    """
    cut: dict[str, Passage] = {}
    for passage in passages:
        if not isinstance(passage, Passage):
            raise ComponentError(f"{component!r} must return passages; {passage!r:.200} is among them")
        text = sound_text(component, "a passage's text", passage.text)
        if passage.id in cut:
            raise ComponentError(f"{component!r} must give each passage its own id; {passage.id!r} is given twice")
        cut[passage.id] = passage if text is passage.text else replace(passage, text=text)
    return tuple(cut.values())


def checked_scores(component: object, scores: Iterable[Any], count: int) -> list[float]:
    """`count` scores as Python's numbers.

    Raises:
        ComponentError: there are not as many, or one is not finite.
    """
    returned = list(scores)
    if len(returned) != count:
        raise ComponentError(f"{component!r} must give one score for each of {count}; it gave {len(returned)}")
    return [sound_number(component, "a score", score) for score in returned]


def checked_vectors(component: object, rows: Any, count: int) -> NDArray[np.float32]:
    """`count` vectors as rows of 32-bit numbers.

    Raises:
        ComponentError: there are not as many, they are not of one length, or a number in them is not finite.
    """
    try:
        with np.errstate(over="ignore"):  # what overflows is infinite, and is refused below
            vectors = np.asarray(rows, np.float32)
    except (TypeError, ValueError):
        raise ComponentError(f"{component!r} must give vectors of numbers, all of one length") from None
    if len(vectors) != count or (count and vectors.ndim != 2):
        raise ComponentError(
            f"{component!r} must give one vector for each of {count} texts; it gave the shape {vectors.shape}"
        )
    unsound = np.flatnonzero(~np.isfinite(vectors).all(axis=-1)) if count else np.empty(0, np.int64)
    if unsound.size:
        raise ComponentError(
            f"{component!r} must give finite numbers; {len(unsound)} of {count} vectors hold NaN or infinity, the "
            f"first is number {unsound[0] + 1}"
        )
    return vectors
