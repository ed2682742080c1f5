"""Questions out of plain clauses, by rule: only where word order alone says how to ask.

A clause is taken apart at its auxiliary verb (`The bridge | was | opened in 1932 by Maria Lund`), which goes to the
front, as in the syntactic transformations of Heilman and Smith 2010, "Good Question! Statistical Ranking for Question
Generation". There is no parser here: what does not fit one of a few shapes is left alone. The rules are for English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from tradespace.data.generation.answer_candidates import (
    STOP_WORDS,
    AnswerCandidate,
    CandidateKind,
    answer_candidates,
)

_SEGMENTS = re.compile(r"[,;:] |[()\[\]\"“”–—]| - ")
_CONJUNCTIONS = re.compile(
    r" (?:and|but|or|which|who|whose|that|while|where|when|because|although|though|so|than|until) "
)
_AUXILIARY = r"is|was|are|were|has|have|had|can|could|will|would|may|must|should"
_SHAPE = re.compile(rf"(?P<subject>(?:\S+ ){{1,7}}?)(?P<auxiliary>{_AUXILIARY}) (?P<rest>\S.*)")
_OPENERS = frozenset(
    """
    about after all although another around as at because before both but by during each every few for from here however
    if in it's its his her many most much my no not of on one only other our over several since so some such that their
    then there these this those though through to today under until what when where while who with your
    """.split()  # noqa: SIM905
)
"""Words that a subject does not begin with, or not one that can be asked about apart from what stands around it."""
_DATED = re.compile(r"(?:In|On) (?P<date>[^,]{4,20}), ")
_PRONOUNS = frozenset(("he", "she", "it", "they", "we", "i", "you"))
_PREPOSITION = re.compile(r"(?:^| )(?P<word>in|on|at|near|by|to|from|with|for|of) (?:the )?$")
_PLACED = frozenset(
    "based born built buried founded found held established headquartered located situated opened".split()  # noqa: SIM905
)
"""Participles behind which `in` with a name tells a place."""
_IRREGULAR = "built|drawn|given|held|led|made|run|sold|sung|taken|won|written|shot|fought|sent|known"
_PARTICIPLE = re.compile(rf"(?:\w+ed|{_IRREGULAR})\Z")
_PAST = "became|began|built|fought|found|gave|held|led|lost|made|met|ran|sang|sent|sold|took|won|wrote"
_VERB = re.compile(rf" (?:{_AUXILIARY}|{_PAST}|[a-z]+ed) [a-z0-9]")
_NOUN = re.compile(r" (?P<noun>[a-z][a-z-]+s|people|men|women|children|feet|species|percent)\b")
_ROUGHLY = re.compile(
    r"(?:About|Around|Nearly|Almost|Over|Some|Approximately|Roughly|At least|More than) ", re.IGNORECASE
)
_ORGANISATION = re.compile(
    r"\b(?:University|College|Company|Party|Institute|Church|Army|Bank|School|Club|Council|Act|War|Battle|River|Award|Cup"
    r"|League|Empire|Museum|Association|Union|Court|Theatre|Bridge|Island|Street|Lake|Ocean|Sea|Prize|Bowl|City)\b"
)


class AskedClause(NamedTuple):
    """A question without its mark, its answer, and what kind of thing that is."""

    text: str
    answer: str
    kind: CandidateKind


@dataclass(frozen=True, slots=True)
class _Clause:
    subject: str
    auxiliary: str
    rest: str


def asked_clauses(sentence: str, title: str) -> Iterator[AskedClause]:
    """The questions that the clauses of a sentence give; none where they have no shape that is known.

    Args:
        sentence: without line ends.
        title: of its document; takes the place of a pronoun, if there is a title.

    >>> [asked.text for asked in asked_clauses("The bridge was opened in 1932 by Maria Lund.", "")]
    ['When was the bridge opened by Maria Lund', 'By whom was the bridge opened in 1932']
    """
    for segment in _SEGMENTS.split(sentence):
        yield from _asked_of(_first_clause(segment), title)
    if dated := _DATED.match(sentence):
        found = next(answer_candidates(dated["date"]), None)
        if found and (found.kind, found.text(dated["date"])) == ("date", dated["date"]):
            yield from _when(
                _first_clause(_SEGMENTS.split(sentence[dated.end() :], maxsplit=1)[0]), dated["date"], title
            )


def _first_clause(text: str) -> str:
    return _CONJUNCTIONS.split(text, maxsplit=1)[0].strip().rstrip(".!?")


def _asked_of(text: str, title: str) -> Iterator[AskedClause]:
    if clause := _clause(text, title):
        for found in answer_candidates(clause.rest):
            yield from _fronted(clause, found)
    yield from _about_the_subject(text)


def _when(text: str, date: str, title: str) -> Iterator[AskedClause]:
    """A question for the date that a sentence begins with."""
    if clause := _clause(f"{text[:1].upper()}{text[1:]}", title):
        yield AskedClause(f"When {clause.auxiliary} {clause.subject} {clause.rest}", date, "date")


def _clause(text: str, title: str) -> _Clause | None:
    """A clause with a subject that can be asked about."""
    shape = _SHAPE.fullmatch(text)
    subject = _subject(shape["subject"].strip(), title) if shape else ""
    return _Clause(subject, shape["auxiliary"], shape["rest"]) if shape and subject else None


def _subject(words: str, title: str) -> str:
    """A subject as it stands within a question; empty where it points elsewhere."""
    first, *more = words.split()
    if first.lower() in _PRONOUNS and not more:
        return title
    if first.lower() in _OPENERS | _PRONOUNS or not first[0].isupper():
        return ""
    return " ".join((first.lower() if first.lower() in STOP_WORDS else first, *more))


def _fronted(clause: _Clause, found: AnswerCandidate) -> Iterator[AskedClause]:
    """Questions for something in the rest of a clause, with the auxiliary in front."""
    before, after = clause.rest[: found.start], clause.rest[found.end :]
    preposition = _PREPOSITION.search(before)
    head = before[: preposition.start()].strip() if preposition else ""
    if opening := _opening(clause.rest, found, preposition["word"] if preposition else "", head):
        yield AskedClause(
            f"{opening} {clause.auxiliary} {clause.subject} {head}{after}", found.text(clause.rest), found.kind
        )
    noun = _NOUN.match(after)
    if found.kind != "quantity" or noun is None or noun["noun"] in STOP_WORDS or found.text(clause.rest) == "half":
        return
    answer = found.text(clause.rest)
    if not before:
        yield AskedClause(f"How many{after} {clause.auxiliary} {clause.subject}", answer, "quantity")
    elif preposition and head and preposition["word"] != "of":
        opening = f"{preposition['word'].capitalize()} how many{noun[0]}"
        asked = f"{opening} {clause.auxiliary} {clause.subject} {head}{after[noun.end() :]}"
        yield AskedClause(asked, answer, "quantity")


def _opening(rest: str, found: AnswerCandidate, preposition: str, head: str) -> str:
    """What a question for a date, a place or a doer begins with; empty where it is none of these for certain."""
    words = head.split()
    if found.kind == "date" and preposition in ("in", "on") and head:
        return "When"
    if found.kind == "name" and preposition in ("in", "at", "near") and _PLACED.intersection(words):
        return "Where"
    if found.kind == "name" and preposition == "by" and any(map(_PARTICIPLE.match, words)):
        return "By what" if _ORGANISATION.search(found.text(rest)) else "By whom"
    return ""


def _about_the_subject(text: str) -> Iterator[AskedClause]:
    """A question for whoever or whatever the clause is about, or for how many there are: nothing moves."""
    roughly = _ROUGHLY.match(text)
    starts = {"quantity": roughly.end() if roughly else 0, "name": 0}
    first = next((found for found in answer_candidates(text) if starts.get(found.kind) == found.start), None)
    if first is None or (not roughly and text.split(maxsplit=1)[0].lower() in _OPENERS):
        return
    answer, after = first.text(text), text[first.end :]
    percent = "%" in answer or "per" in answer
    if first.kind == "quantity" and (percent or _NOUN.match(after)) and _VERB.search(after) and len(after.split()) >= 4:
        yield AskedClause(f"{'What percentage' if percent else 'How many'}{after}", answer, "quantity")
    elif first.kind == "name" and _VERB.match(after) and len(after.split()) >= 4:
        yield AskedClause(f"{_who(answer)}{after}", answer.removeprefix("The "), "name")


def _who(name: str) -> str:
    if _ORGANISATION.search(name) or name.startswith("The "):
        return "What"
    return "Who" if len(name.split()) in (2, 3) and not re.search(r"\b(?:of|the|and|in)\b", name) else "Who or what"
