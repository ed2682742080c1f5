"""Asking a model for instructions, and scoring them: all calls go through the ledger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import mean

from tradespace.components.base import Call, Pipeline
from tradespace.errors import ModelUnavailableError
from tradespace.evals.measures import Measure
from tradespace.explorer.preparing.instruction_proposer import InstructionProposer
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.recorded_scorer import recorded_scores
from tradespace.explorer.running.runner import run
from tradespace.search_space.proposals import InstructionProposals
from tradespace.types import Completion, Failure, Question

MOST_SOLVED = 4
"""Solved questions that are shown."""
PipelineWith = Callable[[str], Pipeline]
"""The pipeline that an instruction is tried in."""


@dataclass(frozen=True)
class Proposing:
    """Lets a model propose instructions, and tries them on questions.

    Attributes:
        questions: the explore questions, of which the first are used.
        measure: what their answers are scored by.
        warn: told why nothing, or nothing more, was proposed.
    """

    proposals: InstructionProposals
    questions: Sequence[Question]
    recorded_calls: RecordedCalls
    measure: Measure
    warn: Callable[[Sequence[str]], None]

    def instructions(self, own: Sequence[str], pipeline_with: PipelineWith) -> list[str]:
        """The best of what is proposed, best first, given the instructions of the space.

        Raises:
            BudgetSpent: the calls exceed the budget.
            MeasureError: the measure raised.
            ModelUnavailableError: the server of a model that answers is down.
        """
        settings = self.proposals.settings
        proposer = InstructionProposer(settings, self._solved)
        proposer.tell(self._scores(own, pipeline_with))
        if not proposer.scores:
            self.warn([f"no instructions are proposed: {settings.measure} could score no answer to their questions"])
            return []
        for _ in range(settings.rounds):
            replies, problem = self._replies(proposer, pipeline_with(own[0]))
            if problem:
                self._tell_of(problem)
            if not replies:
                break
            proposer.tell(self._scores(proposer.read(replies), pipeline_with))
        return [instruction for instruction in proposer.best if instruction not in own][: settings.keep]

    @property
    def _tried_on(self) -> Sequence[Question]:
        return self.questions[: self.proposals.settings.tried_on]

    @property
    def _solved(self) -> list[tuple[str, str]]:
        known = [(question.text, question.answers[0]) for question in self._tried_on if question.answers]
        return known[:MOST_SOLVED]

    def _scores(self, instructions: Sequence[str], pipeline_with: PipelineWith) -> dict[str, float]:
        """The mean score of each, over the answers that can be scored; those without any are left out."""
        pipelines = {instruction: pipeline_with(instruction) for instruction in instructions}
        traces = run(self.recorded_calls, list(pipelines.values()), [question.text for question in self._tried_on])
        means: dict[str, float] = {}
        for instruction, pipeline in pipelines.items():
            scores = recorded_scores(self.measure, self.recorded_calls, self._tried_on, traces[pipeline])
            if known := [score for score in scores if score is not None]:
                means[instruction] = mean(known)
        return means

    def _replies(self, proposer: InstructionProposer, pipeline: Pipeline) -> tuple[list[Completion], str]:
        """What the model replies to a round, and the first reason why it did not."""
        calls = [Call(self.proposals.model, prompt) for prompt in proposer.ask()]
        try:
            outcomes = self.recorded_calls.outcomes(calls, self.recorded_calls.corpus(pipeline))
        except ModelUnavailableError as error:
            return [], str(error)
        problems = [outcome.message for outcome in outcomes if isinstance(outcome, Failure)]
        return [outcome for outcome in outcomes if isinstance(outcome, Completion)], next(iter(problems), "")

    def _tell_of(self, problem: str) -> None:
        self.warn(
            [
                f"{self.proposals.model} failed to propose instructions: {problem}. The search goes on with those of "
                "the space and what was proposed before; the same command asks it again"
            ]
        )
