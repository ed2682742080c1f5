"""From pipelines to evaluations: run them through the ledger, score the answers, time each stage separately."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from tradespace.components.base import Pipeline
from tradespace.evals.figures import Kind, Rates, figure_of
from tradespace.evals.measures import Measure
from tradespace.explorer.arrays import Floats
from tradespace.explorer.conclusions.cohort import Cohort
from tradespace.explorer.costs import Costs, StageUsage
from tradespace.explorer.metering import MeteredQuantities, metered
from tradespace.explorer.results import Evaluation, QuestionSet
from tradespace.explorer.running.call_scorer import CallScorer
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.recorded_scorer import recorded_scorer
from tradespace.explorer.running.runner import Trace, Traces, stream
from tradespace.explorer.running.scoring import ScoreSheet
from tradespace.explorer.timing.stage_seconds import PipelineSeconds
from tradespace.explorer.timing.stage_timer import StageTimer
from tradespace.search_space.pipeline_yaml import pipeline_yaml
from tradespace.search_space.sections import Prices
from tradespace.types import Question


@dataclass(frozen=True)
class Evaluator:
    """Evaluates pipelines on the questions of one split.

    Attributes:
        questions: all of them are scored.
        times: the seconds of their stages, on all of the questions.
        measures: what is scored, per question.
        prices: what running costs; None where that is unknown, and costs are missing.
        rates: what quantities are estimated from that this machine does not measure.
        scored_by: the keys of measures with settings, by name.
    """

    recorded_calls: RecordedCalls
    question_set: QuestionSet
    questions: Sequence[Question]
    times: StageTimer
    measures: Sequence[Measure]
    prices: Prices | None = None
    rates: Mapping[str, Rates] = field(default_factory=dict)
    scored_by: Mapping[str, str] = field(default_factory=dict)

    def evaluate(self, pipelines: Sequence[Pipeline]) -> list[Evaluation]:
        """Run, score and time pipelines; evaluations come in their order.

        Beyond a block of questions (see `stream`) scores are held, and traces until stages are timed.

        Raises:
            BudgetSpent: more calls are needed than the budget allows.
        """
        sheet = ScoreSheet(self.measures, self.questions, self._scorer)
        traces: Traces = {pipeline: [] for pipeline in pipelines}
        for block in stream(self.recorded_calls, pipelines, [question.text for question in self.questions]):
            sheet.add(block)
            for pipeline, of_block in block.items():
                traces[pipeline] += of_block
        seconds = self.times.of_stages(traces)
        costs = Costs(self.recorded_calls.ledger, self.recorded_calls.corpus, self.prices)
        usage = {pipeline: costs.usage(pipeline, traces[pipeline], seconds[pipeline].served) for pipeline in pipelines}
        return [self._evaluation(pipeline, sheet, seconds[pipeline], costs, usage[pipeline]) for pipeline in pipelines]

    def make_calls(self, pipelines: Sequence[Pipeline], questions: range) -> None:
        """Make the calls of pipelines on some of the questions, and those that score what they answer: the ledger keeps
        what comes of them.

        Raises:
            BudgetSpent: more calls are needed than the budget allows.
        """
        asked = [self.questions[place] for place in questions]
        sheet = ScoreSheet(self._scorer.measures, asked, self._scorer)
        for block in stream(self.recorded_calls, pipelines, [question.text for question in asked]):
            if self._scorer.measures:
                sheet.add(block)

    @cached_property
    def _scorer(self) -> CallScorer:
        return recorded_scorer(self.measures, self.recorded_calls, self.prices)

    def foretell(self, traces: Mapping[Pipeline, Sequence[Trace]], names: Sequence[str]) -> tuple[Floats, Floats]:
        """Foretell figures that are no scores from traces of all questions, some calls of which may be missing.

        Returns:
            Figures and their relative standard errors, each of shape (pipelines, names): NaN, and infinite, where
            nothing is known.
        """
        seconds = self.times.foretell(traces)
        costs = Costs(self.recorded_calls.ledger, self.recorded_calls.corpus, self.prices)
        rows = [
            [self._foretold(name, pipeline, traces[pipeline], seconds[pipeline], costs) for name in names]
            for pipeline in traces
        ]
        values, spread = np.array(rows, dtype=np.float64).reshape(len(traces), len(names), 2).transpose(2, 0, 1)
        return values, spread

    def _foretold(
        self, name: str, pipeline: Pipeline, traces: Sequence[Trace], timed: PipelineSeconds, costs: Costs
    ) -> tuple[float, float]:
        figure = figure_of(name)
        if figure.kind is Kind.LATENCY:
            return timed.figure(name)
        usage = costs.usage(pipeline, traces, timed.served) if self.prices else {}
        known = Evaluation("", "", self.question_set, {}, {}, metered=self._metered(timed, costs, usage).rows)
        values = figure.values(Cohort((known,)))
        value = float(figure.summary.of(values)[0]) if values.size else math.nan
        unknown = np.isnan(values).mean() if values.size else 1.0
        return value, math.inf if math.isnan(value) else timed.figure("latency_mean")[1] + float(unknown)

    def _metered(self, timed: PipelineSeconds, costs: Costs, usage: StageUsage) -> MeteredQuantities:
        """What each question took of every quantity that is known, dollars among them."""
        usd, others = costs.usd(timed.seconds, usage), metered(timed, self.rates)
        return replace(others, rows={"usd": usd, **others.rows}) if usd else others

    def _evaluation(
        self, pipeline: Pipeline, sheet: ScoreSheet, timed: PipelineSeconds, costs: Costs, usage: StageUsage
    ) -> Evaluation:
        quantities = self._metered(timed, costs, usage)
        return Evaluation(
            pipeline=str(pipeline),
            yaml=pipeline_yaml(pipeline),
            question_set=self.question_set,
            stages={stage: repr(component) for stage, component in pipeline.stages.items()},
            scores=sheet.scores(pipeline),
            failures=sheet.failures[pipeline],
            unmatched=sheet.unmatched[pipeline],
            metered=quantities.rows,
            modelled=quantities.modelled,
            seconds=timed.seconds,
            end_to_end=timed.end_to_end,
            conditions=timed.conditions,
            usage=usage,
            address=pipeline.address,
            replies=sheet.replies[pipeline],
            answers=sheet.answers[pipeline],
            server_calls=timed.server_calls,
            repeats=timed.repeats,
            scored_by=self.scored_by,
            judging=sheet.judging[pipeline],
        )
