"""Generated results: real distributions of scores and seconds, no model behind them."""

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest

from tradespace.explorer.results import Evaluation, Provenance, QuestionSet, Results
from tradespace.search_space.goals import Goals, Objective, ServiceLevel

SLA = ServiceLevel("latency_p95", 0.100)
QUESTIONS = 120
TIMED = 80

Make = Callable[..., Results]


def evaluation(
    question_set: QuestionSet,
    name: str,
    quality: float,
    milliseconds: dict[str, float],
    seed: int,
    *,
    end_to_end: bool = False,
) -> Evaluation:
    """One pipeline whose answers are right with probability `quality`; stages take about these milliseconds."""
    random = np.random.default_rng(seed)
    difficulty = np.random.default_rng(99 if question_set is QuestionSet.EXPLORE else 98).random(QUESTIONS)
    right = (0.7 * difficulty + 0.3 * random.random(QUESTIONS) < quality).astype(float)
    seconds = {
        stage: tuple((mean / 1000 * random.gamma(9, 1 / 9, TIMED)).tolist()) for stage, mean in milliseconds.items()
    }
    whole = tuple((1.03 * np.sum(list(seconds.values()), axis=0)).tolist()) if end_to_end else ()
    return Evaluation(
        pipeline=name,
        yaml="pipeline:\n" + "".join(f"  {stage}: {{}}\n" for stage in seconds),
        question_set=question_set,
        stages=dict(zip(("chunk", *seconds), name.split(" >> "), strict=True)),
        scores={"answer_f1": tuple(right.tolist())},
        metered={"usd": (0.0001,) * QUESTIONS},
        seconds=seconds,
        end_to_end=whole,
    )


def provenance(interrupted: bool = False) -> Provenance:
    """Where generated results say that they come from."""
    return Provenance(
        tradespace="0.1.0",
        created="2026-01-02T03:04:05Z",
        host="4 cores",
        dataset="generated",
        data_key="0123456789abcdef",
        documents=2840,
        questions={QuestionSet.EXPLORE: QUESTIONS, QuestionSet.CONFIRM: QUESTIONS},
        seed=7,
        space_size=4800,
        versions={"python": "3.11.2", "numpy": "2.4.6"},
        seconds_spent=171.2,
        calls_made=10_412,
        calls_asked=88_231,
        interrupted=interrupted,
    )


def generated_results(sla: ServiceLevel | None = SLA, retriever: str = "bm25", confirm: bool = True) -> Results:
    """Results over retrievers x rerankers x readers; every fourth pipeline is a finalist."""
    explored, confirmed = [], []
    for seed, (depth, keep, passages) in enumerate(product((1, 3, 5, 10, 20), (1, 3, 5), (1, 3, 5))):
        stages = (f"{retriever}(top_k={depth})", f"maxsim(keep={keep})", f"reader(passages={passages})")
        name = " >> ".join(("sentences(size=128)", *stages))
        quality = 0.25 + 0.1 * np.log2(1 + depth) / 2 + 0.05 * keep + 0.05 * passages
        spent = {"retrieve": 2 + depth / 2, "rerank": 4.0 + 2 * depth, "generate": 9.0 + 11 * passages}
        explored.append(evaluation(QuestionSet.EXPLORE, name, quality, spent, seed))
        if confirm and seed % 4 == 0:
            confirmed.append(evaluation(QuestionSet.CONFIRM, name, quality, spent, seed + 1000, end_to_end=True))
    objectives = (Objective("answer_f1", True), Objective("latency_p95", False))
    return Results(
        "generated", "name: generated\n", Goals(objectives, sla), tuple(explored), tuple(confirmed), provenance()
    )


@pytest.fixture
def make_results() -> Make:
    """Builds `generated_results`."""
    return generated_results
