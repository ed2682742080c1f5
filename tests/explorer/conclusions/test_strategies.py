"""What more samples of a strategy buy, and what thresholds do."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from tests.explorer.conclusions.test_alternatives import concluded
from tradespace.components.notation import parse
from tradespace.explorer.conclusions.figures import advantage
from tradespace.explorer.conclusions.strategies import StrategyCurve, routing_effects, strategy_curves
from tradespace.explorer.conclusions.strategy_settings import Curve, StageReader
from tradespace.explorer.results import Evaluation, QuestionSet
from tradespace.search_space.goals import Goals, Objective
from tradespace.search_space.pipeline_yaml import pipeline_yaml

GOALS = Goals((Objective("answer_em", True), Objective("latency_p95", False)))
MEASURES = ("answer_em", "latency_p95")
QUESTIONS = 60


def evaluated(notation: str, right: float = 0.5, milliseconds: float = 10.0, seed: int = 0) -> Evaluation:
    """A real pipeline with made-up answers, of which about so many are right."""
    pipeline = parse(notation)
    scores = (np.random.default_rng(seed).random(QUESTIONS) < right).astype(float)
    return Evaluation(
        pipeline=str(pipeline),
        yaml=pipeline_yaml(pipeline),
        question_set=QuestionSet.EXPLORE,
        stages={stage: repr(component) for stage, component in pipeline.stages.items()},
        scores={"answer_em": tuple(scores.tolist())},
        seconds={"generate": (milliseconds / 1000,) * QUESTIONS},
    )


def accuracy(evaluation: Evaluation) -> float:
    """The share of right answers."""
    return float(np.mean([score or 0.0 for score in evaluation.scores["answer_em"]]))


def curves(evaluations: Sequence[Evaluation], recommended: str | None = None) -> dict[Curve, StrategyCurve]:
    """All curves, by what they are about."""
    points = concluded(*evaluations, goals=GOALS).points
    return {each.curve: each for each in strategy_curves(points, GOALS, MEASURES, recommended)}


def grid() -> list[Evaluation]:
    """Retrievers, models and strategies, with a vote that gets better with k."""
    strategies = [
        *("direct()", "cot()", "propose_and_verify(beam=1)", "propose_and_verify(beam=6)"),
        *(f"cot_at_k(k={k}, route_below={below})" for k, below in product((1, 4, 8, 32), (0.0, 0.5))),
    ]
    drawn = product((3, 8), ("small", "medium"), strategies)
    return [
        evaluated(
            f"bm25(top_k={top_k}) >> llm(model=tiny_reasoner(size={size!r}), strategy={strategy})",
            0.3 + 0.05 * (seed % 9),
            5 + seed,
            seed,
        )
        for seed, (top_k, size, strategy) in enumerate(drawn)
    ]


def naive_best(
    evaluations: Sequence[Evaluation], pattern: str, defaults: Mapping[str, float]
) -> dict[tuple[float, ...], Evaluation]:
    """The best pipeline for each choice of the settings in a pattern, by reading all notations with it."""
    best: dict[tuple[float, ...], Evaluation] = {}
    for each in evaluations:
        strategy = re.search(pattern, each.pipeline)
        if strategy is None:
            continue
        written = dict(re.findall(r"(\w+)=([\d.]+)", strategy[0]))
        place = tuple(float(written.get(name, default)) for name, default in defaults.items())
        known = best.get(place)
        if known is None or accuracy(each) > accuracy(known):
            best[place] = each
    return best


def test_each_place_shows_the_best_of_all_other_settings() -> None:
    """As one finds by reading all notations: the settings that these leave out are the defaults."""
    evaluations = grid()
    found = curves(evaluations)
    naive = naive_best(evaluations, r"cot_at_k\([^()]*\)", {"k": 8, "route_below": 0})
    assert {place for place, _ in naive} == {1, 4, 8, 32}
    for below in (0.0, 0.5):
        curve = found[Curve("cot_at_k", "k", "", (("route_below", 0.5),) if below else ())]
        shown = {point.place: point for point in curve.best}
        assert list(shown) == [1, 4, 8, 32]
        for place, point in shown.items():
            best = naive[place, below]
            assert point.estimates["answer_em"].value == pytest.approx(accuracy(best))
            assert point.among == 4
    beams = naive_best(evaluations, r"propose_and_verify\([^()]*\)", {"beam": 4})
    shown_beams = found[Curve("propose_and_verify", "beam")].best
    assert [(each.place, each.estimates["answer_em"].value) for each in shown_beams] == [
        (place, pytest.approx(accuracy(best))) for (place,), best in sorted(beams.items())
    ]


def test_gains_are_paired_with_the_place_before() -> None:
    """On the same questions, between the pipelines that are shown."""
    evaluations = grid()
    known = {each.pipeline: each for each in evaluations}
    for curve in curves(evaluations).values():
        assert curve.best[0].gain is None
        for before, after in zip(curve.best, curve.best[1:], strict=False):
            assert after.gain == advantage(known[after.pipeline], known[before.pipeline], GOALS.primary)


def test_enough_is_the_first_place_that_cannot_be_told_from_the_best() -> None:
    """Four chains are as good as eight here, and one is not."""
    rates = {1: 0.05, 4: 0.9, 8: 0.93}
    evaluations = [evaluated(f"llm(strategy=cot_at_k(k={k}))", rate, k) for k, rate in rates.items()]
    (curve,) = curves(evaluations).values()
    assert (curve.enough, curve.best[-1].place) == (4, 8)


def test_around_the_recommended_pipeline_only_the_strategy_differs() -> None:
    """Also where strategies are others; defaults that notations leave out count as what they are."""
    recommended = "bm25(top_k=3) >> llm(model=tiny_reasoner(size='small'), strategy=cot_at_k(k=4))"
    evaluations = grid()
    found = curves(evaluations, str(parse(recommended)))
    for curve in found.values():
        around = [re.sub(r"strategy=.*", "", point.pipeline).rstrip("(, )") for point in curve.like_recommended]
        assert set(around) == {"bm25(top_k=3) >> llm(model=tiny_reasoner(size='small'"}
    direct = evaluated("bm25(top_k=3) >> llm(model=tiny_reasoner(size='small'))", 0.0)
    assert "strategy" not in direct.pipeline
    known = curves([direct, *evaluations], str(parse(recommended)))[Curve("direct", "")]
    assert [point.pipeline for point in known.like_recommended] == [direct.pipeline]
    assert all(not curve.like_recommended for curve in curves(evaluations, None).values())


def test_thresholds_of_readers_are_curves_too() -> None:
    """A cascade by what it accepts, a router by what it takes to be hard; the readers in them are all else."""
    evaluations = [
        *(evaluated(f"cascade(first=sentence(), then=llm(), accept={at})", at, 10, 1) for at in (0.2, 0.5, 0.9)),
        *(evaluated(f"router(hard_from={words})", words / 100, 10, 2) for words in (12, 40, 80)),
        evaluated("selective(reader=reader(), decline_below=0.3)"),
    ]
    found = curves(evaluations)
    assert [point.place for point in found[Curve("cascade", "accept")].best] == [0.2, 0.5, 0.9]
    assert [point.place for point in found[Curve("router", "hard_from")].best] == [12, 40, 80]
    assert Curve("selective", "decline_below") not in found, "one value is no curve"
    assert not any(curve.within for curve in found), "strategies that stand in them once say nothing"


def test_a_strategy_in_a_reader_is_a_curve_of_its_own() -> None:
    """Where its k varies; it names the way to it."""
    first = "llm(strategy=cot_at_k(k={}))"
    evaluations = [
        *(evaluated(f"cascade(first={first.format(k)}, then=llm())", k / 10, k) for k in (2, 4)),
        *(evaluated(f"map_rerank(strategy=cot_at_k(k={k}))", k / 10, k) for k in (2, 4)),
    ]
    within = {curve.within for curve in curves(evaluations) if curve.name == "cot_at_k"}
    assert within == {"cascade.first", "map_rerank"}


def test_what_routing_does_is_told_at_the_furthest_place() -> None:
    """Beside the best of the same strategy without it, on the same questions."""
    evaluations = grid()
    conclusion = concluded(*evaluations, goals=GOALS)
    found = strategy_curves(conclusion.points, GOALS, MEASURES)
    (effect,) = routing_effects(found, conclusion.points, GOALS)
    assert (effect.curve.name, effect.place) == ("cot_at_k", 32)
    by_curve = {each.curve: each.best[-1] for each in found}
    known = {each.pipeline: each for each in evaluations}
    routed, plain = by_curve[effect.curve], by_curve[Curve("cot_at_k", "k")]
    assert effect.gain == advantage(known[routed.pipeline], known[plain.pipeline], GOALS.primary)
    taken = [point.estimates["latency_p95"].value or 0.0 for point in (routed, plain)]
    assert effect.seconds == pytest.approx(taken[0] - taken[1])


@pytest.mark.parametrize(
    "notation", ["", "bm25", "3 +", "llm(strategy=mine(k='many'))", "f(*a, **b)", "a(b(c(", "a" * 99]
)
def test_what_is_no_strategy_is_on_no_curve(notation: str) -> None:
    """Whatever a study that somebody sent holds."""
    each = Evaluation(notation, "pipeline: [", QuestionSet.EXPLORE, {"generate": notation}, {"answer_em": (1.0,)})
    assert list(StageReader().standings(each)) == []


def test_pipelines_without_a_figure_are_left_out() -> None:
    """Nothing is the best of them."""
    known = evaluated("llm(strategy=cot_at_k(k=2))")
    unknown = replace(known, scores={"answer_em": (None,) * QUESTIONS})
    scored = [evaluated(f"llm(strategy=cot_at_k(k={k}))") for k in (4, 8)]
    points = concluded(unknown, *scored, goals=GOALS).points
    (curve,) = strategy_curves(points, GOALS, MEASURES)
    assert [point.place for point in curve.best] == [4, 8]
