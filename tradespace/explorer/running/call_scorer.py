"""Scoring answers by calls: the processes of measures are driven as those of components are, all of them together.

Answers of one text to one question are scored once, for all pipelines that gave them.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from tradespace.components.base import Call
from tradespace.components.corpus import Corpus
from tradespace.components.processes import Driven, Running, drive, side_by_side
from tradespace.errors import ComponentError
from tradespace.evals.measures.calling import CallingMeasure, Scoring, received
from tradespace.evals.table import check_score, measure_errors
from tradespace.explorer.results import NO_USAGE, Judging, Usage
from tradespace.explorer.running.bill import Bill, PaidCall, readings
from tradespace.explorer.running.call_answers import Assumed, CountedAnswers
from tradespace.explorer.running.runner import Trace
from tradespace.types import Answer, Failure, Outcome, Question


class CallScore(NamedTuple):
    """What came of scoring one answer by calls.

    Attributes:
        scoring: without a score where a call failed; the reason is then why.
        failed: whether one did.
        calls: how many were asked for.
        usage: what models used for them.
        missing, further: calls that were not made, as in `Done`.
    """

    scoring: Scoring
    failed: bool = False
    calls: int = 0
    usage: Usage = NO_USAGE
    missing: tuple[Assumed, ...] = ()
    further: tuple[Assumed, ...] = ()


CallScores = Mapping[str, Sequence[CallScore | None]]
"""By measure, one for each answer; None where the measure does not apply, or there is nothing to score."""

NO_PRICES = Bill(None)


@dataclass(frozen=True)
class CallScorer:
    """Scores what came of questions by measures that make calls.

    Attributes:
        measures: those that make calls.
        answers: makes their calls, reads them back, or only counts them.
        corpus: what models are opened on, which search nothing.
        bill: what their calls cost.
    """

    measures: Sequence[CallingMeasure]
    answers: CountedAnswers
    corpus: Corpus
    bill: Bill = NO_PRICES

    def score(self, questions: Sequence[Question], traces: Sequence[Trace]) -> CallScores:
        """Score the answer of each trace to the question beside it.

        Raises:
            BudgetSpent: the calls still to be made exceed the caller's budget.
            MeasureError: a measure raised, or gave something else than a score.
            ModelUnavailableError: a model's server is down.
        """
        if not self.measures:
            return {}
        cases: dict[Hashable, tuple[CallingMeasure, Question, Trace, Answer]] = {}
        names = {
            measure.name: [
                _note(cases, measure, question, trace) for question, trace in zip(questions, traces, strict=True)
            ]
            for measure in self.measures
        }
        processes = side_by_side(self._followed(*case) for case in cases.values())
        scores = drive(processes, lambda calls: self.answers.outcomes(calls, self.corpus))
        found = dict(zip(cases, scores, strict=True))
        return {measure: [None if name is None else found[name] for name in row] for measure, row in names.items()}

    def _followed(
        self, measure: CallingMeasure, question: Question, trace: Trace, answer: Answer
    ) -> Driven[Outcome | Failure | Assumed, CallScore]:
        """The process of a measure, which ends without a score where one of its calls failed."""
        score = CallScore(Scoring(None))
        try:
            with measure_errors(measure):
                running = Running(measure.process(question, trace.ranking, answer))
            while not running.ended:
                answered = yield running.calls
                outcomes = [_outcome(measure, one, answer) for one in answered]
                score = self._noted(score, running.calls, answered, outcomes)
                received_all = [outcome for outcome in outcomes if not isinstance(outcome, Failure)]
                if len(received_all) < len(outcomes):
                    running.close()
                    return _failed(score, next(each for each in outcomes if isinstance(each, Failure)).message)
                with measure_errors(measure):
                    running.resume(received_all)
            check_score(measure, running.outcome.score)
            return score._replace(scoring=running.outcome)
        except ComponentError as error:
            return _failed(score, str(error))

    def _noted(
        self,
        score: CallScore,
        calls: Sequence[Call],
        answered: Sequence[Outcome | Failure | Assumed],
        outcomes: Sequence[Outcome | Failure],
    ) -> CallScore:
        """A score under way, with a round of calls."""
        paid = [
            PaidCall(call, outcome)
            for call, outcome in zip(calls, outcomes, strict=True)
            if not isinstance(outcome, Failure)
        ]
        assumed = tuple(one for one in answered if isinstance(one, Assumed))
        further = score.further + (assumed if score.missing else ())
        return score._replace(
            calls=score.calls + len(calls),
            usage=score.usage + self.bill.usage(list(readings(paid))),
            missing=score.missing or assumed,
            further=further,
        )


def judging_of(scores: Sequence[CallScore | None], first: int = 0) -> Judging:
    """What the scores of a run of questions come to, the first of which has that position."""
    made = {first + place: score for place, score in enumerate(scores) if score}
    every = [score.scoring for score in made.values()]
    return Judging(
        calls=sum(score.calls for score in made.values()),
        usage=sum((score.usage for score in made.values()), NO_USAGE),
        judgements=sum(scoring.judgements for scoring in every),
        unread=sum(scoring.unread for scoring in every),
        compared=sum(scoring.compared for scoring in every),
        outvoted=sum(scoring.outvoted for scoring in every),
        disagreement=tuple(_disagreement(score) for score in scores),
        missing={place: score.scoring.reason for place, score in made.items() if score.scoring.score is None},
        failed=tuple(place for place, score in made.items() if score.failed),
    )


def _disagreement(score: CallScore | None) -> float | None:
    return score.scoring.outvoted / score.scoring.compared if score and score.scoring.compared else None


def _failed(score: CallScore, message: str) -> CallScore:
    return score._replace(scoring=Scoring(None, message), failed=True)


def _outcome(measure: CallingMeasure, answered: Outcome | Failure | Assumed, answer: Answer) -> Outcome | Failure:
    return measure.assumed(answered.outcome, answer) if isinstance(answered, Assumed) else received(answered)


def _note(
    cases: dict[Hashable, tuple[CallingMeasure, Question, Trace, Answer]],
    measure: CallingMeasure,
    question: Question,
    trace: Trace,
) -> Hashable:
    """The name of what is to be scored, the same for equal answers; None where nothing is."""
    answer = _answer(question, trace)
    if answer is None or trace.failure or trace.unfinished or not measure.applies_to(question):
        return None
    passages = tuple(scored.passage for scored in trace.ranking) if measure.reads_passages else ()
    name = (measure.name, question.id, answer.text, passages)
    cases.setdefault(name, (measure, question, trace, answer))
    return name


def _answer(question: Question, trace: Trace) -> Answer | None:
    """The answer of a trace. One that is not known yet is taken to be as long as an accepted one, and another for each
    call that it comes from: different pipelines agree by chance only."""
    lacking, answer = trace.lacking, trace.answer
    if answer is None or not lacking.missing:
        return answer
    last = (*lacking.missing, *lacking.further)[-1]
    example = next(filter(None, question.answers), question.text)
    return replace(answer, text=f"{example} ({int.from_bytes(last.key[:4])})")
