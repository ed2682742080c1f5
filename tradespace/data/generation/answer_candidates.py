"""Finds what a question could ask for: dates, quantities, names and noun phrases, by regular expressions.

No tagger and no parser is needed. The rules are for English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_NUMBER_WORD = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fifteen|sixteen|twenty|thirty|forty|fifty|sixty"
    "|hundred|half"
)
_NAME = r"[A-Z](?:\.|[\w'’-]*\w)(?:(?: (?:of|the|de|von|van|for|and|&|in) (?:the )?| |\.)[A-Z](?:\.|[\w'’-]*\w))*"
_YEAR = r"(?:1[0-9]|20)\d\d"
_DATE = re.compile(
    rf"\b(?:(?:{_MONTH}) \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|\d{{1,2}} (?:{_MONTH}) \d{{4}}"
    rf"|(?:{_MONTH})(?: \d{{1,2}}|,? \d{{4}})|(?:early |late |mid-)?{_YEAR}s?(?: to {_YEAR})?)\b"
    r"(?! (?:people|feet|metres|meters|km|miles))"
)
_QUANTITY = re.compile(
    r"[$£€]?\b\d[\d,]*(?:\.\d+)?(?: (?:million|billion|trillion|hundred|thousand))?(?:%| percent| per cent)?"
    rf"|\b(?:{_NUMBER_WORD})\b"
)
_PROPER = re.compile(rf"\b{_NAME}")
_PHRASE = re.compile(r"\b(?:[a-z][a-z'-]+ ){0,2}[a-z][a-z-]{2,}\b")
_NOUN_OPENERS = frozenset(
    ["a", "an", "the", "of", "and", "or", "as", "by", "with", "for", "into", "their", "its", "his"]
)
STOP_WORDS = frozenset(
    """
    a an the of in on at to for from by with as and or but is was are were be been being has had have do does
    did it its he she they his her their this that these those which who whom whose what when where why how than
    then there also into over under between after before during about not no only such can could will would may
    must should more most some other one all both each many i you we my your our him them me us if so up out
    while because until through
    """.split()  # noqa: SIM905
)

CandidateKind = Literal["date", "quantity", "name", "phrase"]
_PATTERNS: tuple[tuple[CandidateKind, re.Pattern[str]], ...] = (
    ("date", _DATE),
    ("quantity", _QUANTITY),
    ("name", _PROPER),
    ("phrase", _PHRASE),
)


@dataclass(frozen=True, slots=True)
class AnswerCandidate:
    """A possible answer: characters [start, end) of a sentence, and what kind of thing it is."""

    start: int
    end: int
    kind: CandidateKind

    def text(self, sentence: str) -> str:
        """What it is in the sentence that it was found in."""
        return sentence[self.start : self.end]


def answer_candidates(sentence: str) -> Iterator[AnswerCandidate]:
    """The possible answers in `sentence`; those that overlap one of an earlier kind are left out.

    >>> [found.text("Rollo came in 911.") for found in answer_candidates("Rollo came in 911.")]
    ['911', 'Rollo']
    """
    taken: list[AnswerCandidate] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(sentence):
            left, right = match.span() if kind != "phrase" else _noun_phrase(sentence, *match.span())
            candidate = AnswerCandidate(left, right, kind)
            if _worth_asking_for(sentence, candidate) and not any(left < c.end and c.start < right for c in taken):
                taken.append(candidate)
                yield candidate


def _worth_asking_for(sentence: str, candidate: AnswerCandidate) -> bool:
    too_short = candidate.end - candidate.start < 2 and candidate.kind != "quantity"
    lone_opener = candidate.kind == "name" and candidate.start == 0 and sentence[: candidate.end].lower() in STOP_WORDS
    return not (too_short or lone_opener)


def _noun_phrase(sentence: str, left: int, right: int) -> tuple[int, int]:
    """The last run of content words in a run of lower-case words, where it looks like a noun phrase; else (0, 0)."""
    words = [(m.start() + left, m.end() + left, m.group()) for m in re.finditer(r"\S+", sentence[left:right])]
    while words and words[-1][2] in STOP_WORDS:
        words.pop()
    kept: list[tuple[int, int, str]] = []
    while words and words[-1][2] not in STOP_WORDS:
        kept.insert(0, words.pop())
    if not kept:
        return 0, 0
    before = words[-1][2] if words else (sentence[:left].split() or [""])[-1]
    start, end = kept[0][0], kept[-1][1]
    return (start, end) if before in _NOUN_OPENERS and _ends_here(sentence[end:]) else (0, 0)


def _ends_here(rest: str) -> bool:
    """Whether a phrase before `rest` is over: the sentence ends, or punctuation or a function word follows."""
    return not rest.strip() or rest[0] in ",.;:)" or rest.split(maxsplit=1)[0] in STOP_WORDS
