"""Scoring pipelines on questions that stream by: scores are kept, what was scored is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tradespace.addresses import digest
from tradespace.components.base import Pipeline
from tradespace.evals.measures import Measure
from tradespace.evals.table import score_table
from tradespace.explorer.results import NO_JUDGING, NO_REPLIES, Judging, Replies
from tradespace.explorer.running.call_scorer import CallScorer, CallScores, judging_of
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
        scorer: scores by those measures that make calls; without it they make them directly, and nothing is kept.
        failures: what went wrong, by pipeline and position of the question.
        replies: how language models replied, by pipeline.
        unmatched: how many of the passages that a pipeline found belong to no document that is known.
        answers: digest of what a pipeline answered so far, or found where nothing answers.
        judging: how the measures that make calls came to their scores, by pipeline and measure.
    """

    measures: Sequence[Measure]
    questions: Sequence[Question]
    scorer: CallScorer | None = None
    failures: dict[Pipeline, dict[int, str]] = field(default_factory=dict)
    replies: dict[Pipeline, Replies] = field(default_factory=dict)
    unmatched: Counter[Pipeline] = field(default_factory=Counter)
    answers: dict[Pipeline, str] = field(default_factory=dict)
    judging: dict[Pipeline, dict[str, Judging]] = field(default_factory=dict)
    _columns: dict[Pipeline, dict[str, list[float | None]]] = field(default_factory=dict)
    _seen: int = 0

    def add(self, block: Traces) -> None:
        """Score the next questions.

        Raises:
            BudgetSpent: a measure's calls exceed the caller's budget.
        """
        questions = self.questions[self._seen : self._seen + max(map(len, block.values()), default=0)]
        cases: dict[Case, Trace] = {}
        names = {
            pipeline: [_note(cases, place, trace) for place, trace in enumerate(row)] for pipeline, row in block.items()
        }
        asked, traces = [questions[place] for place, *_ in cases], list(cases.values())
        by_calls = self.scorer.score(asked, traces) if self.scorer else {}
        scored = score_traces(self.measures, asked, traces, by_calls)
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
            self._note_judging(pipeline, rows, by_calls)
            before = self.replies.get(pipeline, NO_REPLIES)
            self.replies[pipeline] = sum((trace.replies for trace in block[pipeline]), before)
            self.answers[pipeline] = digest([self.answers.get(pipeline, ""), *(contents[name] for name in row)])
            if unmatched:
                self.unmatched[pipeline] += sum(unmatched.get(name, 0) for name in row)
        self._seen += len(questions)

    def scores(self, pipeline: Pipeline) -> Scores:
        """Every measure that has anything to say of the questions so far, if only why it scores none of them."""
        columns = self._columns[pipeline]
        missed = {name for name, judging in self.judging[pipeline].items() if judging.missing}
        return {
            name: tuple(row)
            for name, row in columns.items()
            if name in missed or any(score is not None for score in row)
        }

    def _note_failures(self, pipeline: Pipeline, traces: Sequence[Trace]) -> None:
        messages = {self._seen + place: trace.failure.message for place, trace in enumerate(traces) if trace.failure}
        self.failures.setdefault(pipeline, {}).update(messages)

    def _note_judging(self, pipeline: Pipeline, rows: Sequence[int], by_calls: CallScores) -> None:
        before = self.judging.setdefault(pipeline, {})
        for name, column in by_calls.items():
            fresh = judging_of([column[row] for row in rows], self._seen)
            before[name] = before.get(name, NO_JUDGING) + fresh
            if self.scorer:
                self.scorer.answers.count(fresh.calls)


def score_traces(
    measures: Sequence[Measure],
    questions: Sequence[Question],
    traces: Sequence[Trace],
    by_calls: CallScores | None = None,
) -> dict[str, tuple[float | None, ...]]:
    """Score what came of questions, by each measure: by its name, one score for each trace.

    `by_calls` is what a `CallScorer` made of them; measures that make calls and are not in it make them directly.

    Raises:
        MeasureError: a measure raised, or gave something else than a score.
    """
    rankings: list[Ranking | None] = [None if trace.failure else trace.ranking for trace in traces]
    answers: list[Answer | None] = [trace.answer for trace in traces]
    failed = [place for place, trace in enumerate(traces) if trace.failure]
    unfinished = [place for place, trace in enumerate(traces) if trace.unfinished]
    made = {
        name: [None if score is None else score.scoring.score for score in column]
        for name, column in (by_calls or {}).items()
    }
    return score_table(measures, questions, rankings, answers, failed, unfinished=unfinished, by_calls=made)


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
