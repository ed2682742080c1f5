"""Writing questions by rule: offline, at no cost, in English."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence

from tradespace.data.generation.answer_candidates import STOP_WORDS, CandidateKind, answer_candidates
from tradespace.data.generation.clauses import AskedClause, asked_clauses
from tradespace.data.generation.written import GeneratedType, WrittenQuestion

ASKED_FOR: Mapping[GeneratedType, frozenset[CandidateKind]] = {
    GeneratedType.FACT: frozenset({"date", "name"}),
    GeneratedType.NUMBER: frozenset({"quantity"}),
    GeneratedType.UNANSWERABLE: frozenset({"date", "name", "quantity"}),
}
"""What questions of each type ask for: the types that there are rules for."""
_SENTENCE_WORDS, _QUESTION_WORDS = range(4, 61), range(4, 25)
_HEADINGS = re.compile(r"\A(?:#.*\n)+")
_NO_PROSE = re.compile(r"[|\t<>{}=]|^\s*[-*•]")
"""What tables, code, markup and lists are recognised by."""
_EXCHANGED: frozenset[CandidateKind] = frozenset({"date", "name", "quantity"})
_UNRESOLVED = re.compile(
    r"\b(?:he|she|it|they|him|them|his|her|hers|its|their|this|these|those|here|we|our|i|you|your)\b", re.IGNORECASE
)
"""Words that point at something outside of a question."""


def question_by_rule(
    question_type: GeneratedType,
    sentences: Sequence[str],
    title: str,
    foreign: Sequence[str],
    generator: random.Random,
) -> WrittenQuestion | None:
    """A question about a passage; None where the rules find none.

    One that nothing answers is a question of the passage in which a name, date or number is exchanged for one of
    another passage, as in Zhu et al. 2019, "Learning to Ask Unanswerable Questions for Machine Reading Comprehension".

    Args:
        question_type: one of `ASKED_FOR`.
        sentences: those of the passage.
        title: of its document; takes the place of a pronoun at the beginning of a sentence.
        foreign: sentences of another passage.
        generator: draws.
    """
    found = [
        (number, asked)
        for number, sentence in enumerate(sentences)
        for asked in asked_clauses(_plain(sentence, title), title)
        if asked.kind in ASKED_FOR[question_type] and _stands_alone(asked)
    ]
    generator.shuffle(found)
    for number, asked in found:
        if question_type is not GeneratedType.UNANSWERABLE:
            return WrittenQuestion(_finished(asked.text), asked.answer, (number,))
        if astray := _led_astray(asked.text, foreign, " ".join(sentences), generator):
            return WrittenQuestion(_finished(astray))
    return None


def _plain(sentence: str, title: str) -> str:
    """A sentence without what headings and title stand above it; empty where it is too short or long, or no prose."""
    text = _HEADINGS.sub("", sentence.removeprefix(f"{title}\n"))
    prose = len(text.split()) in _SENTENCE_WORDS and not _NO_PROSE.search(text)
    return " ".join(text.split()) if prose else ""


def _stands_alone(asked: AskedClause) -> bool:
    """Whether a question points at nothing outside of it, does not tell its answer, and is of a fair length."""
    words, tells = asked.text.split(), asked.answer.casefold() in asked.text.casefold()
    whole = len(words) in _QUESTION_WORDS and words[-1].lower() not in STOP_WORDS
    return whole and not tells and not _UNRESOLVED.search(asked.text)


def _led_astray(asked: str, foreign: Sequence[str], own: str, generator: random.Random) -> str | None:
    """The question about something else: one thing that it names is exchanged for one that its passage never names."""
    named = (
        found.text(sentence)
        for sentence in foreign
        for found in answer_candidates(sentence)
        if found.kind in _EXCHANGED and found.start > 0  # what a sentence begins with is no name for certain
    )
    others = [text for text in named if text.casefold() not in own.casefold()]
    replaceable = [found for found in answer_candidates(asked) if found.kind in _EXCHANGED and found.start > 0]
    generator.shuffle(replaceable)
    for candidate in replaceable:
        if alike := [text for text in others if _shape(text) == _shape(candidate.text(asked))]:
            return f"{asked[: candidate.start]}{generator.choice(alike)}{asked[candidate.end :]}"
    return None


def _shape(text: str) -> str:
    """What a name, date or number looks like: capitals, small letters and digits, in runs.

    >>> _shape("Maria Lund"), _shape("1932"), _shape("2,000")
    ('Aa Aa', '0000', '0,000')
    """
    return re.sub(r"[a-z]+", "a", re.sub(r"[A-Z]", "A", re.sub(r"\d", "0", text)))


def _finished(asked: str) -> str:
    return f"{' '.join(asked.split()).rstrip(' .,;:!?')}?"
