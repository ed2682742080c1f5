"""Scoring pipelines on questions that stream by: scores are kept, what was scored is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tradespace.addresses import digest
from tradespace.components.base import Pipeline
from tradespace.evals.measures import Measure
from tradespace.evals.table import score_table
from tradespace.explorer.results import NO_REPLIES, Replies
from tradespace.explorer.running.runner import Trace, Traces
from tradespace.types import Answer, Question, Ranking

Case = tuple[int, int, int, bool, bool]
"""What is scored once: a question, a ranking, an answer, whether it failed, and whether it was never finished."""
Scores = Mapping[str, tuple[float | None, ...]]
"""Per measure, one value for each question."""


@dataclass
class ScoreSheet:
    """Scores and failures of pipelines, block after block of the questions.

    Pipelines that return the same for a question are scored once.

    Attributes:
        failures: what went wrong, by pipeline and position of the question.
        replies: how language models replied, by pipeline.
        unmatched: how many of the passages that a pipeline found belong to no document that is known.
        answers: digest of what a pipeline answered so far, or found where nothing answers.
    """

    measures: Sequence[Measure]
    questions: Sequence[Question]
    failures: dict[Pipeline, dict[int, str]] = field(default_factory=dict)
    replies: dict[Pipeline, Replies] = field(default_factory=dict)
    unmatched: Counter[Pipeline] = field(default_factory=Counter)
    answers: dict[Pipeline, str] = field(default_factory=dict)
    _columns: dict[Pipeline, dict[str, list[float | None]]] = field(default_factory=dict)
    _seen: int = 0

    def add(self, block: Traces) -> None:
        """Score the next questions."""
        questions = self.questions[self._seen : self._seen + max(map(len, block.values()), default=0)]
        cases: dict[Case, Trace] = {}
        names = {
            pipeline: [_note(cases, place, trace) for place, trace in enumerate(row)] for pipeline, row in block.items()
        }
        scored = score_traces(self.measures, [questions[place] for place, *_ in cases], list(cases.values()))
        numbers = {name: number for number, name in enumerate(cases)}
        unmatched = {name: foreign for name, trace in cases.items() if (foreign := _foreign(trace))}
        contents = {name: _content(trace) for name, trace in cases.items()}
        for pipeline, row in names.items():
            rows = [numbers[name] for name in row]
            columns = self._columns.setdefault(pipeline, {measure.name: [] for measure in self.measures})
            for name, column in columns.items():
                values = scored[name]
                column += [values[number] for number in rows]
            self._note_failures(pipeline, block[pipeline])
            before = self.replies.get(pipeline, NO_REPLIES)
            self.replies[pipeline] = sum((trace.replies for trace in block[pipeline]), before)
            self.answers[pipeline] = digest([self.answers.get(pipeline, ""), *(contents[name] for name in row)])
            if unmatched:
                self.unmatched[pipeline] += sum(unmatched.get(name, 0) for name in row)
        self._seen += len(questions)

    def scores(self, pipeline: Pipeline) -> Scores:
        """Every measure that has anything to say of the questions so far."""
        columns = self._columns[pipeline]
        return {name: tuple(row) for name, row in columns.items() if any(score is not None for score in row)}

    def _note_failures(self, pipeline: Pipeline, traces: Sequence[Trace]) -> None:
        messages = {self._seen + place: trace.failure.message for place, trace in enumerate(traces) if trace.failure}
        self.failures.setdefault(pipeline, {}).update(messages)


def score_traces(
    measures: Sequence[Measure], questions: Sequence[Question], traces: Sequence[Trace]
) -> dict[str, tuple[float | None, ...]]:
    """Score what came of questions, by each measure: by its name, one score for each trace.

    Raises:
        MeasureError: a measure raised, or gave something else than a score.
    """
    rankings: list[Ranking | None] = [None if trace.failure else trace.ranking for trace in traces]
    answers: list[Answer | None] = [trace.answer for trace in traces]
    failed = [place for place, trace in enumerate(traces) if trace.failure]
    unfinished = [place for place, trace in enumerate(traces) if trace.unfinished]
    return score_table(measures, questions, rankings, answers, failed, unfinished=unfinished)


def _content(trace: Trace) -> str:
    """What a pipeline's user is given for a question: pipelines that agree in it on all questions are one."""
    if trace.failure:
        return f"failed: {trace.failure.message}"
    return trace.answer.text if trace.answer else "\n".join(scored.passage.id for scored in trace.ranking)


def _foreign(trace: Trace) -> int:
    return sum(scored.passage.is_foreign for scored in trace.ranking)


def _note(cases: dict[Case, Trace], place: int, trace: Trace) -> Case:
    """The name of what is to be scored: the same where the same objects were returned for a question."""
    name = (place, id(trace.ranking), id(trace.answer), trace.failure is not None, trace.unfinished)
    cases.setdefault(name, trace)
    return name
