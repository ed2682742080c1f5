"""What a pipeline did with each question, as plain values in columns."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import zip_longest

from tradespace.components.trust import Trust
from tradespace.evals.figures import figure_of
from tradespace.explorer.conclusions.cohort import Cohort
from tradespace.explorer.questions import Attempt, question_records
from tradespace.explorer.results import Evaluation
from tradespace.explorer.storage.study import StudyFolder
from tradespace.notebook.columns import QUESTION_COLUMNS
from tradespace.reports.columns import Column, ColumnKind, ColumnTable, PlainValue
from tradespace.reports.table import finite
from tradespace.types import Question


def question_table(study: StudyFolder, evaluation: Evaluation, allowed: Collection[Trust]) -> ColumnTable:
    """Every question that a pipeline was asked, in the order of its split: what it answered, and how that scores.

    Raises:
        InputError: the data have changed since, or what reads documents needs a trust that is not among those allowed.
        DataError: the data cannot be read.
    """
    records = question_records(study, [evaluation], evaluation.question_set, allowed)
    measures = tuple(evaluation.scores)
    groups = tuple(dict.fromkeys(column for record in records for column, _ in record.question.groups))
    took = zip_longest(_seconds(evaluation), evaluation.metered.get("usd", ()))
    rows = tuple(
        (
            *_row(record.question, record.attempts[0], *map(finite, spent)),
            *(record.attempts[0].scores.get(name) for name in measures),
            *(dict(record.question.groups).get(column) for column in groups),
        )
        for record, spent in zip(records, _padded(took, len(records)), strict=True)
    )
    return ColumnTable((*QUESTION_COLUMNS, *map(_score, measures), *map(_group, groups)), rows)


def _row(question: Question, attempt: Attempt, seconds: float | None, usd: float | None) -> tuple[PlainValue, ...]:
    """The values of `QUESTION_COLUMNS`."""
    gold = question.gold_alternatives or [(name,) for name in question.gold]
    return (
        question.id,
        question.text,
        _joined(question.answers),
        _joined(" or ".join(names) for names in gold),
        attempt.answer.text if attempt.answer else None,
        attempt.answer.passage_id if attempt.answer else None,
        _joined(scored.passage.id for scored in attempt.passages),
        seconds,
        usd,
        attempt.failure or None,
        attempt.lacking or None,
    )


def _joined(texts: Iterable[str]) -> str | None:
    return " | ".join(texts) or None


def _seconds(evaluation: Evaluation) -> list[float]:
    """What the pipeline takes for each question that is timed: run end to end, or else composed of its stages."""
    seconds: list[float] = Cohort((evaluation,)).measured_seconds()[0].tolist()
    return seconds


def _padded(
    rows: Iterable[tuple[float | None, float | None]], length: int
) -> Iterable[tuple[float | None, float | None]]:
    """As many rows as there are questions: in studies from before latency models, only the first were timed."""
    known = list(rows)[:length]
    return [*known, *[(None, None)] * (length - len(known))]


def _score(measure: str) -> Column:
    return Column(measure, ColumnKind.NUMBER, f"{figure_of(measure).wording.name}; missing where it does not apply")


def _group(column: str) -> Column:
    return Column(f"group[{column}]", ColumnKind.TEXT, f"the question's {column}")
