"""What the finalists answered to the confirm questions, as far as a judge scored it; read back from the ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tradespace.addresses import digest
from tradespace.components.trust import Trust
from tradespace.errors import InputError
from tradespace.evals.measures import Measure
from tradespace.explorer.questions import Attempt, QuestionRecord, question_records
from tradespace.explorer.results import QuestionSet, Results
from tradespace.explorer.storage.labels import AskedAnswer
from tradespace.explorer.storage.study import StudyFolder
from tradespace.plurals import agreeing
from tradespace.types import Question

KEY_CHARACTERS = 15
MOST_DIFFERENT = 0.75
"""The share of questions with different answers, above which that alone says little."""


@dataclass(frozen=True)
class JudgedAnswers:
    """The finalists' answers, question by question.

    Attributes:
        measure: what scores them.
        questions: the confirm questions that the finalists were asked, in order.
        keys: by pipeline, the key of its answer to each of these; empty where it failed.
        attempts: by key, the question's place and what the first finalist did that gave this answer.
    """

    measure: Measure
    questions: tuple[Question, ...]
    keys: Mapping[str, tuple[str, ...]]
    attempts: Mapping[str, tuple[int, Attempt]]

    @property
    def applies(self) -> list[bool]:
        """To which questions the measure applies."""
        return [self.measure.applies_to(question) for question in self.questions]

    def of(self, place: int) -> list[str]:
        """The keys of the different answers to a question, in an order that says nothing of who gave them."""
        return sorted({row[place] for row in self.keys.values()} - {""})

    def decisive(self, places: Sequence[int]) -> set[int]:
        """Of some questions, those whose labels decide between the finalists: to which they gave different answers.
        Where answers nearly always differ, in words if not in meaning, those that the judge scores differently."""
        differ = {place for place in places if len(self.of(place)) > 1 or self._fails_in_part(place)}
        if len(differ) <= MOST_DIFFERENT * len(places):
            return differ
        return {place for place in differ if self._judged_differently(place)}

    def _judged_differently(self, place: int) -> bool:
        scores = {self.attempts[key][1].scores.get(self.measure.name) for key in self.of(place)}
        return len(scores) > 1 or self._fails_in_part(place)

    def _fails_in_part(self, place: int) -> bool:
        failed = [not row[place] for row in self.keys.values()]
        return any(failed) and not all(failed)

    def asked(self, key: str) -> AskedAnswer:
        """An answer as people are asked about it."""
        place, attempt = self.attempts[key]
        question = self.questions[place]
        return AskedAnswer(
            key=key,
            place=place,
            question_id=question.id,
            question=question.text,
            answer=attempt.answer.text if attempt.answer else "",
            references=question.answers,
            passages=tuple(scored.passage.text for scored in attempt.passages),
        )


def judged_answers(
    study: StudyFolder, results: Results, measure: Measure, allowed: Collection[Trust] = ()
) -> JudgedAnswers:
    """Read back what the confirmed pipelines answered.

    Raises:
        InputError: no pipeline was confirmed, an answer cannot be read back, the data are not those that were explored,
            or a chunker needs a trust that is not among those allowed.
    """
    if not results.confirmed:
        raise InputError(
            f"people label what the finalists answered to the held-out questions, and {study.folder} has confirmed no "
            "pipeline: set `confirm` in `data:`, and explore again"
        )
    records = question_records(study, results.confirmed, QuestionSet.CONFIRM, allowed)
    _require_answers(records, study)
    attempts: dict[str, tuple[int, Attempt]] = {}
    rows = [
        tuple(_key(record, attempt, measure, place, attempts) for attempt in record.attempts)
        for place, record in enumerate(records)
    ]
    keys = {
        evaluation.pipeline: column
        for evaluation, column in zip(results.confirmed, zip(*rows, strict=True), strict=True)
    }
    return JudgedAnswers(measure, tuple(record.question for record in records), keys, attempts)


def _key(
    record: QuestionRecord, attempt: Attempt, measure: Measure, place: int, attempts: dict[str, tuple[int, Attempt]]
) -> str:
    """What an answer is called; noted with the first attempt that gave it. Answers with one key are judged alike: those
    of one text to one question, and for a measure that reads passages, from the same passages."""
    if attempt.failure or attempt.answer is None:
        return ""
    passages = [scored.passage.text for scored in attempt.passages] if measure.reads_passages else []
    question = record.question
    parts = (question.id, question.text, attempt.answer.text, *passages)
    key = f"a{digest(parts)[:KEY_CHARACTERS]}"  # no spreadsheet takes it for a number
    attempts.setdefault(key, (place, attempt))
    return key


def _require_answers(records: Sequence[QuestionRecord], study: StudyFolder) -> None:
    lacking = list(_lacking(records))
    if lacking:
        answers = agreeing(len(lacking), "answer of a finalist", "answers of finalists")
        raise InputError(f"{answers} cannot be read back from {study.folder}: {lacking[0]}")


def _lacking(records: Sequence[QuestionRecord]) -> Iterator[str]:
    for record in records:
        for attempt in record.attempts:
            if not attempt.failure and (attempt.lacking or attempt.answer is None):
                yield attempt.lacking or "the pipeline only retrieves, and answers nothing"
