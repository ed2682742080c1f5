"""What the strategies that use one of Optuna's samplers have in common."""

from __future__ import annotations

import warnings
from pathlib import Path
from random import Random as Generator
from typing import TYPE_CHECKING

from tradespace.components.base import Pipeline
from tradespace.explorer.search.base import Measured, Problem, Search, TrialResult
from tradespace.explorer.search.trials import distribution, label, new_study, value_of
from tradespace.explorer.search.unseen import Unseen
from tradespace.search_space.domains import Domain

if TYPE_CHECKING:
    from optuna.samplers import BaseSampler
    from optuna.trial import Trial

SUGGESTIONS = 3


class GuidedSearch(Search):
    """Asks a sampler, which keeps its trials in memory: sampling is then fast, and the same in every repetition.

    The tree of the space becomes Optuna's define-by-run suggestions, with the path of a choice as the parameter's name.
    The SLA and the limits are Optuna constraints. A pipeline that was told before is told to the sampler again, and it
    is asked anew; when it finds nothing new in 3 tries, an unseen pipeline is drawn at random.
    """

    def __init__(self, problem: Problem, seed: int, storage: Path | None, sampler: BaseSampler) -> None:
        super().__init__(problem, seed, storage)
        self._study = new_study(problem.goals.maximize, sampler=sampler)
        self._unseen = Unseen(problem.space, Generator(seed), self.seen)
        self._trials: dict[Pipeline, Trial] = {}

    def propose(self) -> Pipeline | None:
        for _ in range(SUGGESTIONS):
            pipeline = self._suggested()
            if pipeline is not None:
                return pipeline
        drawn = self._unseen.draw()
        return drawn and self._enqueued(drawn)

    def learn(self, pipeline: Pipeline, result: TrialResult) -> None:
        self._tell_sampler(self._trials.pop(pipeline), result)

    def _suggested(self) -> Pipeline | None:
        """What the sampler proposes, if it is a new pipeline of the space."""
        trial = self._ask_sampler()
        pipeline = self.problem.space.walk(lambda path, domain: _suggest(trial, path, domain))
        if isinstance(pipeline, Pipeline) and not self.seen(pipeline):
            self._trials[pipeline] = trial
            return pipeline
        self._tell_sampler(trial, self.results.get(pipeline) if isinstance(pipeline, Pipeline) else None)
        return None

    def _enqueued(self, pipeline: Pipeline) -> Pipeline:
        """Make the sampler's next trial this pipeline."""
        choices = self.problem.space.choices(pipeline) or {}
        self._study.enqueue_trial({path: label(domain, value) for path, (domain, value) in choices.items()})
        trial = self._ask_sampler()
        self.problem.space.walk(lambda path, domain: _suggest(trial, path, domain))
        self._trials[pipeline] = trial
        return pipeline

    def _ask_sampler(self) -> Trial:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return self._study.ask()

    def _tell_sampler(self, trial: Trial, result: TrialResult | None) -> None:
        from optuna.trial import TrialState

        if not isinstance(result, Measured):
            self._study.tell(trial, state=TrialState.FAIL)
            return
        for measure, excess in self.problem.excess(result).items():
            trial.set_constraint(measure, excess)
        self._study.tell(trial, self.problem.values(result))


def _suggest(trial: Trial, path: str, domain: Domain) -> object:
    return value_of(domain, trial._suggest(path, distribution(domain)))
