"""Question by question: where the recommended pipeline and others differ, with what they answered and read."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from tradespace.explorer.answer_texts import AnswerTexts, AskedQuestion, GivenAnswer
from tradespace.explorer.conclusions.conclusion import Conclusion
from tradespace.explorer.conclusions.differing import DifferingPair, differing_pairs, seconds_of
from tradespace.explorer.results import Evaluation, GroupColumns
from tradespace.plurals import count
from tradespace.reports.section import Findings, Section, SectionRow, SectionTable
from tradespace.reports.table import Cell, never_timed
from tradespace.reports.words import column_name, duration, measure_name, quantity

LISTED_QUESTIONS = 60
"""Questions that are listed of each pair of pipelines."""
NO_TEXTS = (
    "What they answered is not kept in this study. `tradespace questions STUDY` shows it, with all passages; the same "
    "`explore` command as before keeps it, and makes no call twice."
)
SOME_LACK = "Questions without a text are not kept in this study: `tradespace questions STUDY` shows them all."


def question_by_question_section(findings: Findings) -> Section | None:
    """The questions that tell the recommended pipeline from others; None where there are none."""
    pairs = differing_pairs(findings.results, findings.conclusion)
    if not pairs:
        return None
    pages = [_Pair(pair, findings) for pair in pairs]
    return Section(
        "question_by_question",
        "Where do pipelines differ, question by question?",
        tuple(page.sentence for page in pages),
        tables=tuple(page.table for page in pages),
        notes=tuple(_notes(pages)),
    )


@dataclass(frozen=True)
class _Pair:
    """Two pipelines, and what is told of the questions on which they differ."""

    pair: DifferingPair
    findings: Findings

    @property
    def sentence(self) -> str:
        """How often each is better."""
        pair, (first, second) = self.pair, self.labels
        return (
            f"{first}{self._standing(pair.first)} and {second}{self._standing(pair.second)} differ in "
            f"{measure_name(pair.measure)} on {len(pair.places):,} of {count(pair.compared, 'question')} "
            f"({pair.first.question_set}): {first} is better on {pair.first_ahead:,}, {second} on "
            f"{pair.second_ahead:,}."
        )

    @property
    def labels(self) -> tuple[str, str]:
        """The numbers of both."""
        numbers = self.findings.numbers
        return f"#{numbers[self.pair.first.pipeline]}", f"#{numbers[self.pair.second.pipeline]}"

    @property
    def table(self) -> SectionTable:
        """A row for each question, those first on which they differ most; without columns of which nothing is known."""
        measure = column_name(self.pair.measure)
        of_each = [f"{label} {what}" for what in ("answers", measure, "takes", "reads") for label in self.labels]
        columns = ("question", *self._groups, "documents needed", "reference", *of_each)
        rows = [self._row(place) for place in self.pair.places[:LISTED_QUESTIONS]]
        told = [place for place in range(len(columns)) if any(row[place].text for row in rows)]
        return SectionTable(
            f"Questions on which {' and '.join(self.labels)} differ",
            tuple(columns[place] for place in told),
            tuple(SectionRow(tuple(row[place] for place in told)) for row in rows),
            len(self.pair.places) - len(rows),
        )

    @cached_property
    def texts(self) -> Mapping[int, AskedQuestion]:
        """The questions whose texts are kept, by position."""
        texts = self._texts
        return {question.place: question for question in texts.questions} if texts else {}

    @cached_property
    def _texts(self) -> AnswerTexts | None:
        texts = self.findings.results.texts
        return texts if texts and texts.question_set == self.pair.first.question_set else None

    @property
    def _groups(self) -> GroupColumns:
        return self.findings.results.provenance.groups.get(self.pair.first.question_set, {})

    @cached_property
    def _seconds(self) -> Mapping[str, tuple[float, ...]]:
        both = (self.pair.first, self.pair.second)
        return {each.pipeline: () if never_timed(each) else tuple(seconds_of(each)) for each in both}

    def _row(self, place: int) -> tuple[Cell, ...]:
        asked = self.texts.get(place)
        of_both = (self._cells(each, place, asked) for each in (self.pair.first, self.pair.second))
        groups = (_text(column[place] if place < len(column) else "") for column in self._groups.values())
        needed = asked.documents if asked else 0
        return (
            _text(asked.text) if asked else Cell(f"question {place + 1}", place),
            *groups,
            Cell(str(needed), needed) if needed else Cell(""),
            _text(" | ".join(asked.references) if asked else ""),
            *(cell for cells in zip(*of_both, strict=True) for cell in cells),
        )

    def _cells(self, evaluation: Evaluation, place: int, asked: AskedQuestion | None) -> Iterator[Cell]:
        """What a pipeline answered, what that scores, what it takes, and what it read."""
        score, failure = evaluation.scores[self.pair.measure][place], evaluation.failures.get(place, "")
        given = asked.answers.get(evaluation.pipeline) if asked else None
        row = self._seconds[evaluation.pipeline]
        seconds = row[place] if place < len(row) else math.nan
        yield _text(f"failed: {failure}" if failure else _answer_words(given))
        yield Cell(quantity(score, self.pair.measure), score)
        yield Cell("" if math.isnan(seconds) else duration(seconds), seconds if math.isfinite(seconds) else None)
        yield _text(self._passage_words(given))

    def _passage_words(self, given: GivenAnswer | None) -> str:
        if given is None or self._texts is None:
            return ""
        shown = [self._texts.passages.get(key, "") for key in given.passages]
        more = [f"… {given.found - len(shown):,} more"] if given.found > len(shown) else []
        return "\n".join([*(f"{place}. {text}" for place, text in enumerate(shown, start=1)), *more])

    def _standing(self, evaluation: Evaluation) -> str:
        return _standing(evaluation.pipeline, self.findings.conclusion)


def _standing(pipeline: str, conclusion: Conclusion) -> str:
    """What a pipeline is, in brackets; empty where it is nothing in particular."""
    top = "highest utility" if conclusion.goals.utility else "most accurate"
    names = {"recommended": conclusion.recommended, top: conclusion.best}
    held = [name for name, finalist in names.items() if finalist and finalist.evaluation.pipeline == pipeline]
    return f" ({' and '.join(held)})" if held else ""


def _answer_words(given: GivenAnswer | None) -> str:
    if given is None:
        return ""
    return f"not known: {given.failure}" if given.failure else given.text or "(no answer)"


def _text(text: str) -> Cell:
    return Cell(text, text)


def _notes(pages: list[_Pair]) -> Iterator[str]:
    """What is missing of the texts."""
    shown = [(page, place) for page in pages for place in page.pair.places[:LISTED_QUESTIONS]]
    known = sum(place in page.texts for page, place in shown)
    if known < len(shown):
        yield SOME_LACK if known else NO_TEXTS
