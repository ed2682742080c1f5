"""When a group of stages is asked a second time: after a quantile of what it took the study's questions, alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from tradespace.components.base import Pipeline
from tradespace.errors import InputError
from tradespace.explorer.storage.study import StudyFolder
from tradespace.search_space.deployment import StageGroup

SecondsOfStages = Mapping[str, tuple[float | None, ...]]
"""By stage, what each question took there; None where it failed."""


@dataclass(frozen=True)
class StudyHedges:
    """Hedges by the seconds that a study has.

    Attributes:
        seconds: by the notation of a pipeline.
    """

    seconds: Mapping[str, SecondsOfStages]
    _known: dict[tuple[str, tuple[str, ...], float], float] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, study: StudyFolder, pipelines: Collection[Pipeline]) -> Self:
        """Of some pipelines; of the questions that confirm one, where there are any."""
        names = set(map(str, pipelines))
        results = study.results()
        timed = [each for each in (*results.explored, *results.confirmed) if each.pipeline in names and each.seconds]
        return cls({each.pipeline: {stage: tuple(own) for stage, own in each.seconds.items()} for each in timed})

    def __call__(self, pipeline: Pipeline, group: StageGroup) -> float | None:
        """The seconds after which a group is asked again; None where it is not.

        Raises:
            InputError: the pipeline was not timed.
        """
        quantile = group.tail.hedge_after
        if quantile is None:
            return None
        place = str(pipeline), group.stages, quantile
        if place not in self._known:
            self._known[place] = float(np.quantile(self._alone(str(pipeline), group), quantile))
        return self._known[place]

    def _alone(self, pipeline: str, group: StageGroup) -> list[float]:
        """What each question took in the group that failed nowhere in it."""
        of_stages = self.seconds.get(pipeline, {})
        columns = [of_stages[stage] for stage in group.stages if stage in of_stages]
        rows = [[seconds for seconds in row if seconds is not None] for row in zip(*columns, strict=True)]
        if not (whole := [sum(row) for row in rows if len(row) == len(columns)]):
            raise InputError(
                f"{group.name} is to be asked again after a quantile of its seconds, which the study does not have of "
                f"{pipeline}: explore it, or leave `hedge_after` out"
            )
        return whole
