"""What can be told of a question without asking: whether it stands for itself, and its answer in its passage."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from tradespace.components.answers.span import normalised_words
from tradespace.data.generation.answer_candidates import answer_candidates
from tradespace.data.generation.written import GeneratedType, WrittenQuestion
from tradespace.explorer.generating.fates import Fate
from tradespace.explorer.generating.sources import Assignment
from tradespace.segmentation import is_unspaced

_QUESTION_WORDS, _MOST_ANSWER_WORDS, _MOST_CHARACTERS = range(3, 51), 20, 200
_ENDS = ("?", "？", "؟", ";")
"""Question marks: of English, Chinese, Arabic and Greek."""
_NAMED = r"(?:text|document|sentence|context|article|paragraph|source)s?\b"
_SPEAKS_OF_ITS_PASSAGE = re.compile(
    r"\b(?:passages?|excerpts?)\b"
    rf"|\b(?:in|from|by|does|do|according to)\s+(?:the|this|these)\s+(?:\w+\s+)?{_NAMED}"
    rf"|\b(?:given|above|provided|following)\s+{_NAMED}",
    re.IGNORECASE,
)
_COPIED = frozenset({GeneratedType.FACT, GeneratedType.NUMBER, GeneratedType.TWO_PASSAGES})
"""Types of questions whose answers are copied from a sentence."""


def fit_to_be_asked(written: WrittenQuestion, assignment: Assignment) -> WrittenQuestion | Fate:
    """The question, if it is fit to be asked; else why not. Where another sentence of its passage than the one that was
    named holds the answer, and no third one does, it is that one."""
    kind, asked, answer = assignment.type, _folded(written.text), _folded(written.answer)
    if not asked.endswith(_ENDS) or not _fair_length(written.text) or _SPEAKS_OF_ITS_PASSAGE.search(asked):
        return Fate.UNFIT
    if kind in (GeneratedType.FACT, GeneratedType.NUMBER) and _stands(answer, asked):
        return Fate.UNFIT
    if kind is GeneratedType.YES_NO:
        return replace(written, answer=answer.strip(".")) if answer.strip(".") in ("yes", "no") else Fate.UNREADABLE
    if kind is GeneratedType.NUMBER and not _is_number(written.answer):
        return Fate.UNSUPPORTED
    return _supported(written, assignment) if kind in _COPIED else written


def _supported(written: WrittenQuestion, assignment: Assignment) -> WrittenQuestion | Fate:
    if len(written.answer.split()) > _MOST_ANSWER_WORDS or not normalised_words(written.answer):
        return Fate.UNSUPPORTED
    named = zip(assignment.sources, written.sentences, strict=True)
    if _holding(written.answer, [source.texts[number] for source, number in named]):
        return written
    others = _holding(written.answer, assignment.sources[0].texts)
    if len(assignment.sources) == 1 and len(others) == 1:
        return replace(written, sentences=tuple(others))
    return Fate.UNSUPPORTED


def _holding(answer: str, sentences: Sequence[str]) -> list[int]:
    """The places of the sentences that an answer stands in."""
    return [place for place, text in enumerate(sentences) if _stands(_folded(answer), _folded(text))]


def _stands(answer: str, text: str) -> bool:
    """Whether a folded answer stands in a folded text; not within a word or number of it, where words are spaced."""
    if is_unspaced(answer):
        return answer in text
    return re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", text) is not None


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _fair_length(text: str) -> bool:
    """Neither a word or two nor an essay; words that are written without spaces are not counted."""
    return len(text.split()) in _QUESTION_WORDS or (is_unspaced(text) and len(text) <= _MOST_CHARACTERS)


def _is_number(answer: str) -> bool:
    return bool(re.search(r"\d", answer)) or any(found.kind == "quantity" for found in answer_candidates(answer))
