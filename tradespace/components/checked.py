"""What components return, checked where it enters: of the right number and kind, numbers finite, text encodable.

Components are other people's code too. What is not sound is a failure of its own, in words, and is never scored,
searched or stored. Half of a surrogate pair in a text, which no file could hold, is replaced by U+FFFD.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import isfinite
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tradespace.encoding import encodable
from tradespace.errors import ComponentError
from tradespace.types import Answer, Completion, Failure, Outcome, Passage, ScoredPassage, Timed

OUTCOME_KINDS = {tuple: "a ranking: a tuple of ScoredPassage", Answer: "an Answer", Completion: "a Completion"}
"""Outcomes by their type, and what they are called in messages."""

OutcomeKind = type[tuple[Any, ...]] | type[Answer] | type[Completion]


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
    if not isinstance(outcome, kind or tuple(OUTCOME_KINDS)):
        expected = OUTCOME_KINDS[kind] if kind else " or ".join(OUTCOME_KINDS.values())
        raise ComponentError(f"{component!r} must return {expected}; it returned {outcome!r:.200}")
    if isinstance(outcome, Answer):
        return _answer(component, outcome)
    if isinstance(outcome, Completion):
        return _completion(component, outcome)
    assert isinstance(outcome, tuple)  # nothing else is left of the kinds
    return outcome if all(map(_is_sound, outcome)) else tuple(_scored(component, scored) for scored in outcome)


def _answer(component: object, answer: Answer) -> Answer:
    numbers = (answer.score, answer.confidence, answer.relevance)
    if _is_sound_text(answer.text) and all(map(_is_sound_number, numbers)) and answer.score is not None:
        return answer
    return replace(
        answer,
        text=_text(component, "an answer's text", answer.text),
        score=_number(component, "an answer's score", answer.score),
        confidence=_optional(component, "an answer's confidence", answer.confidence),
        relevance=_optional(component, "an answer's relevance", answer.relevance),
    )


def _completion(component: object, completion: Completion) -> Completion:
    for name in ("tokens_in", "tokens_out"):
        _number(component, name, getattr(completion, name))
    return replace(
        completion,
        text=_text(component, "a completion's text", completion.text),
        thoughts=_text(component, "a completion's thoughts", completion.thoughts),
        log_probability=_optional(component, "a completion's log_probability", completion.log_probability),
        usd=_optional(component, "a completion's usd", completion.usd),
    )


def _is_sound(scored: Any) -> bool:
    """Whether a passage needs no closer look: rankings are long, and nearly all of them are sound."""
    return (
        type(scored) is ScoredPassage
        and type(scored.score) is float
        and isfinite(scored.score)
        and type(scored.passage) is Passage
        and _is_sound_text(scored.passage.text)
    )


def _is_sound_text(text: Any) -> bool:
    return type(text) is str and (text.isascii() or encodable(text) is text)


def _is_sound_number(number: Any) -> bool:
    return number is None or (type(number) is float and isfinite(number))


def _scored(component: object, scored: Any) -> ScoredPassage:
    if not isinstance(scored, ScoredPassage) or not isinstance(scored.passage, Passage):
        raise ComponentError(f"{component!r} must return {OUTCOME_KINDS[tuple]}; {scored!r:.200} is in it")
    score = _number(component, "a passage's score", scored.score)
    text = _text(component, "a passage's text", scored.passage.text)
    if score is scored.score and text is scored.passage.text:
        return scored
    return ScoredPassage(replace(scored.passage, text=text), score)


def _text(component: object, what: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ComponentError(f"{component!r}: {what} must be text; given: {value!r:.200}")
    return value if value.isascii() else encodable(value)


def _number(component: object, what: str, value: Any) -> float:
    if isinstance(value, float) and isfinite(value):
        return value
    if isinstance(value, Real) and isfinite(value):
        return float(value)
    raise ComponentError(f"{component!r}: {what} must be a finite number; given: {value!r:.200}")


def _optional(component: object, what: str, value: Any) -> float | None:
    return None if value is None else _number(component, what, value)


def checked_passages(component: object, passages: Iterable[Any]) -> tuple[Passage, ...]:
    """What a chunker cut, as it is indexed.

    Raises:
        ComponentError: something else is among it, a text is none, or two passages have one id.
    """
    cut: dict[str, Passage] = {}
    for passage in passages:
        if not isinstance(passage, Passage):
            raise ComponentError(f"{component!r} must return passages; {passage!r:.200} is among them")
        text = _text(component, "a passage's text", passage.text)
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
    return [_number(component, "a score", score) for score in returned]


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
