"""Results of many pipelines: notations and YAML as long as real ones, scores and seconds drawn at random."""

from __future__ import annotations

from itertools import islice, product

import numpy as np

from tradespace.explorer.results import Evaluation, Provenance, QuestionSet, Results
from tradespace.search_space.goals import Goals, Objective, ServiceLevel

GOALS = Goals(
    (Objective("answer_f1", True), Objective("latency_p95", False)),
    ServiceLevel("latency_p95", 0.1, split=(("retrieve", "rerank"), ("generate",))),
)
QUESTIONS = 40
FINALISTS = 8
RERANKERS = ("none()", "maxsim(keep=1)", "maxsim(keep=3)", "cross_encoder(keep=5, layers=3, precision='int8')")
Settings = tuple[float, float, int, str, int]


def many_results(pipelines: int) -> Results:
    """Results of up to 20,000 pipelines that differ in five settings, of which a few were confirmed."""
    space = product(np.linspace(0.4, 2.2, 10), np.linspace(0.1, 1.0, 10), (1, 2, 5, 10, 20), RERANKERS, range(1, 11))
    chosen = list(islice(space, pipelines))
    explored = tuple(_evaluation(each, QuestionSet.EXPLORE, seed) for seed, each in enumerate(chosen))
    best = sorted(range(len(chosen)), key=lambda place: -_mean(explored[place]))[:FINALISTS]
    confirmed = tuple(_evaluation(chosen[place], QuestionSet.CONFIRM, pipelines + place) for place in best)
    return Results("many", "name: many\n", GOALS, explored, confirmed, _provenance(pipelines))


def _mean(evaluation: Evaluation) -> float:
    return sum(score or 0.0 for score in evaluation.scores["answer_f1"])


def _evaluation(settings: Settings, questions: QuestionSet, seed: int) -> Evaluation:
    k1, b, top_k, reranker, passages = settings
    retriever = f"bm25(k1={k1:.1f}, b={b:.1f}, top_k={top_k})"
    reader = f"reader(passages={passages}, precision='int8')"
    random = np.random.default_rng(seed)
    means = {"retrieve": 2 + top_k / 4, "rerank": 1 + 3 * RERANKERS.index(reranker), "generate": 6 + 4 * passages}
    quality = 0.2 + 0.05 * np.log2(top_k) + 0.04 * RERANKERS.index(reranker) + 0.02 * passages
    return Evaluation(
        pipeline=f"{retriever} >> {reranker} >> {reader}",
        yaml=_yaml({"retrieve": retriever, "rerank": reranker, "generate": reader}),
        question_set=questions,
        stages={"retrieve": retriever, "rerank": reranker, "generate": reader},
        scores={"answer_f1": tuple((random.random(QUESTIONS) < quality).astype(float).tolist())},
        metered={"usd": (0.0001,) * QUESTIONS},
        seconds={
            stage: tuple((mean / 1000 * random.gamma(9, 1 / 9, QUESTIONS)).tolist()) for stage, mean in means.items()
        },
    )


def _yaml(stages: dict[str, str]) -> str:
    """A pipeline as its YAML spells it out, a line for each setting."""
    lines = ["pipeline:"]
    for stage, component in stages.items():
        name, _, settings = component.rstrip(")").partition("(")
        lines += [f"  {stage}:", f"    {name}:"]
        lines += [f"      {each.strip().replace('=', ': ')}" for each in settings.split(",")]
        lines += ["      model: bundled", "      batch: 32", "      threads: 2"]
    return "\n".join(lines) + "\n"


def _provenance(pipelines: int) -> Provenance:
    questions = dict.fromkeys(QuestionSet, QUESTIONS)
    return Provenance(
        tradespace="0",
        created="2026-01-01T00:00:00Z",
        host="none",
        dataset="drawn at random",
        data_key="0" * 64,
        documents=1,
        questions=questions,
        seed=0,
        space_size=pipelines,
        versions={},
        seconds_spent=0.0,
        calls_made=0,
        calls_asked=0,
    )
