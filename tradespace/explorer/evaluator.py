"""From pipelines to evaluations: run them through the ledger, score the answers, time each stage separately."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tradespace.components.base import Pipeline
from tradespace.evals.figures import Rates
from tradespace.evals.measures import Measure
from tradespace.explorer.costs import Costs, StageUsage
from tradespace.explorer.metering import metered
from tradespace.explorer.results import Evaluation, QuestionSet
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.runner import Traces, stream
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
        times: the seconds of their stages, on some of the questions from the front.
        measures: what is scored, per question.
        prices: what running costs; None where that is unknown, and costs are missing.
        rates: what quantities are estimated from that this machine does not measure.
    """

    recorded_calls: RecordedCalls
    question_set: QuestionSet
    questions: Sequence[Question]
    times: StageTimer
    measures: Sequence[Measure]
    prices: Prices | None = None
    rates: Mapping[str, Rates] = field(default_factory=dict)

    def evaluate(self, pipelines: Sequence[Pipeline]) -> list[Evaluation]:
        """Run, score and time pipelines; evaluations come in their order.

        Beyond a block of questions (see `stream`) only scores are held, and the traces of the questions that are timed.

        Raises:
            BudgetSpent: more calls are needed than the budget allows.
        """
        sheet = ScoreSheet(self.measures, self.questions)
        timed: Traces = {pipeline: [] for pipeline in pipelines}
        for block in stream(self.recorded_calls, pipelines, [question.text for question in self.questions]):
            sheet.add(block)
            for pipeline, traces in block.items():
                timed[pipeline] += traces[: len(self.times.questions) - len(timed[pipeline])]
        seconds = self.times.of_stages(timed)
        costs = Costs(self.recorded_calls.ledger, self.recorded_calls.corpus, self.prices)
        usage = {pipeline: costs.usage(pipeline, timed[pipeline], seconds[pipeline].served) for pipeline in pipelines}
        return [self._evaluation(pipeline, sheet, seconds[pipeline], costs, usage[pipeline]) for pipeline in pipelines]

    def _evaluation(
        self, pipeline: Pipeline, sheet: ScoreSheet, timed: PipelineSeconds, costs: Costs, usage: StageUsage
    ) -> Evaluation:
        usd, others = costs.usd(timed.seconds, usage), metered(timed, self.rates)
        return Evaluation(
            pipeline=str(pipeline),
            yaml=pipeline_yaml(pipeline),
            question_set=self.question_set,
            stages={stage: repr(component) for stage, component in pipeline.stages.items()},
            scores=sheet.scores(pipeline),
            failures=sheet.failures[pipeline],
            unmatched=sheet.unmatched[pipeline],
            metered={**({"usd": usd} if usd else {}), **others.rows},
            modelled=others.modelled,
            seconds=timed.seconds,
            end_to_end=timed.end_to_end,
            conditions=timed.conditions,
            usage=usage,
            address=pipeline.address,
            replies=sheet.replies[pipeline],
        )
