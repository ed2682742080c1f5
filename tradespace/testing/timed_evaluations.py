"""Evaluations with seconds of one's own making, to be deployed and loaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tradespace.explorer.arrays import Floats
from tradespace.explorer.load.demand import DeployedPipeline, deploy
from tradespace.explorer.results import Evaluation, QuestionSet
from tradespace.search_space.deployment import Deployment, Host, StageGroup

CPU = Host("cpu", usd_per_hour=0.36, cores=2)


def timed_evaluation(
    seconds: Mapping[str, Sequence[float | None]], scores: Sequence[float | None] = (), **others: Any
) -> Evaluation:
    """A pipeline whose stages take so many seconds, by stage and question."""
    stages = {stage: f"{stage}_part()" for stage in seconds} | others.pop("stages", {})
    questions = len(next(iter(seconds.values())))
    return Evaluation(
        pipeline=" >> ".join(stages.values()),
        yaml="",
        question_set=others.pop("question_set", QuestionSet.EXPLORE),
        stages=stages,
        scores={"answer_f1": tuple(scores) or (1.0,) * questions},
        seconds={stage: tuple(row) for stage, row in seconds.items()},
        **others,
    )


def exponential_seconds(mean: float, questions: int = 2000) -> Floats:
    """Exponentially distributed, without the luck of drawing: its quantiles, in no order."""
    quantiles = (np.arange(questions) + 0.5) / questions
    return np.random.default_rng(0).permutation(-mean * np.log1p(-quantiles))


def one_queue(seconds: Floats, **settings: Any) -> DeployedPipeline:
    """One stage that takes so many seconds, by question, behind one queue."""
    evaluation = timed_evaluation({"generate": seconds.tolist()})
    return deploy(evaluation, Deployment((StageGroup(("generate",), host="cpu", **settings),), (CPU,)))
