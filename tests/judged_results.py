"""Results of a study in which a model judges answers, with people's labels of some: simulated, the truth is known."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from bench.judging.simulated import JudgeSetting, SimulatedStudy, simulated_study
from tradespace.explorer.results import Evaluation, JudgeLabels, Provenance, QuestionSet, Results
from tradespace.search_space.goals import Goals, Objective

JUDGED = "judged_correct"
JUDGE = "tiny_reasoner(size='small')"
SETTING = JudgeSetting("test", 0.95, 0.7, right=(0.6, 0.75, 0.7), labels=60, questions=200)


def judged_study(seed: int = 0, setting: JudgeSetting = SETTING) -> SimulatedStudy:
    """One study."""
    return simulated_study(setting, np.random.default_rng(seed))


def judged_results(study: SimulatedStudy, labels: JudgeLabels | None = None) -> Results:
    """Its results; with the labels that people gave, or with none."""
    confirmed = tuple(_evaluation(study, row, QuestionSet.CONFIRM) for row in range(len(study.judged)))
    explored = tuple(_evaluation(study, row, QuestionSet.EXPLORE) for row in range(len(study.judged)))
    questions = study.judged.shape[1]
    provenance = Provenance(
        tradespace="0.1.0",
        created="2026-01-02T03:04:05Z",
        host="4 cores",
        dataset="simulated",
        data_key="0123456789abcdef",
        documents=10,
        questions={QuestionSet.EXPLORE: questions, QuestionSet.CONFIRM: questions},
        seed=0,
        space_size=len(explored),
        versions={},
        seconds_spent=1.0,
        calls_made=1,
        calls_asked=1,
    )
    goals = Goals((Objective(JUDGED, True), Objective("latency_p95", False)), None)
    known = {JUDGED: labels} if labels else {}
    judges = {JUDGED: JUDGE}
    return Results("judged", "name: judged\n", goals, explored, confirmed, provenance, judges=judges, labels=known)


def labels_of(study: SimulatedStudy, without: Collection[int] = (), **changed: object) -> JudgeLabels:
    """What people said of the answers to the questions that were drawn, but for some of these."""
    keys = [[f"{place}-{key}" for place, key in enumerate(row)] for row in study.keys.tolist()]
    said = {
        keys[row][place]: float(study.true[row, place])
        for row in range(len(keys))
        for place in study.drawn
        if place not in without
    }
    labels = JudgeLabels(
        strata=study.strata,
        answers={pipeline_of(row): tuple(of_row) for row, of_row in enumerate(keys)},
        digests={pipeline_of(row): f"answers {row}" for row in range(len(keys))},
        drawn=study.drawn,
        labels=said,
        policies=("Yes where the same is meant.",),
    )
    return replace(labels, **changed)  # type: ignore[arg-type]


def pipeline_of(row: int) -> str:
    """The notation of a finalist."""
    return f"bm25(top_k={row + 1}) >> sentence()"


def _evaluation(study: SimulatedStudy, row: int, question_set: QuestionSet) -> Evaluation:
    questions = study.judged.shape[1]
    return Evaluation(
        pipeline=pipeline_of(row),
        yaml="",
        question_set=question_set,
        stages={"retrieve": f"bm25(top_k={row + 1})", "generate": "sentence()"},
        scores={JUDGED: tuple(study.judged[row].tolist())},
        seconds={"retrieve": (0.01 * (row + 1),) * questions},
        answers=f"answers {row}",
    )
