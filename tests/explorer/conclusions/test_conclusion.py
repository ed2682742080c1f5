"""What follows from results: who keeps the service level, who can't be told apart, and what is recommended."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.results import Evaluation, Provenance, QuestionSet, Results
from tradespace.search_space.goals import Goals, Objective, ServiceLevel

QUESTIONS = 200
GOALS = (Objective("f1", maximize=True), Objective("latency_p95", maximize=False))
SLA = ServiceLevel("latency_p95", 0.100)
PROVENANCE = Provenance("0", "now", "host", "data", "key", 1, dict.fromkeys(QuestionSet, QUESTIONS), 0, 1, {}, 1, 1, 1)


def evaluation(
    name: str,
    right: float,
    milliseconds: float,
    question_set: QuestionSet = QuestionSet.EXPLORE,
    *,
    usd: float = 0.0,
    shift: int = 0,
) -> Evaluation:
    """A pipeline right on this share of the questions, starting at question `shift`, as fast on all of them."""
    scores = np.roll(np.arange(QUESTIONS) < right * QUESTIONS, shift).astype(float)
    return Evaluation(
        name,
        f"yaml of {name}",
        question_set,
        {},
        {"f1": tuple(scores.tolist())},
        metered={"usd": (usd,) * QUESTIONS},
        seconds={"retrieve": (0.001,) * QUESTIONS, "generate": (milliseconds / 1000 - 0.001,) * QUESTIONS},
    )


def confirmed(name: str, right: float, milliseconds: float, *, usd: float = 0.0, shift: int = 0) -> Evaluation:
    """The same on confirm questions, run end to end."""
    known = evaluation(name, right, milliseconds, QuestionSet.CONFIRM, usd=usd, shift=shift)
    return replace(known, end_to_end=(milliseconds / 1000,) * QUESTIONS)


def results(explored: list[Evaluation], finalists: list[Evaluation], sla: ServiceLevel | None = SLA) -> Results:
    """Results over these pipelines."""
    return Results("study", "", Goals(GOALS, sla), tuple(explored), tuple(finalists), PROVENANCE)


def test_most_accurate_within_the_bound_is_best() -> None:
    """The best is the most accurate finalist that keeps the bound, by its confirmed figures."""
    known = results(
        [evaluation("slow", 0.9, 150), evaluation("quick", 0.7, 50), evaluation("poor", 0.3, 10)],
        [confirmed("slow", 0.9, 150), confirmed("quick", 0.6, 50), confirmed("poor", 0.2, 10)],
    )
    conclusion = conclude(known)
    assert conclusion.basis is QuestionSet.CONFIRM
    assert conclusion.best is not None
    assert conclusion.best is conclusion.recommended
    assert conclusion.best.evaluation.pipeline == "quick"
    assert conclusion.best.estimates["f1"].value == pytest.approx(0.6)
    assert [finalist.keeps_bounds for finalist in conclusion.finalists] == [False, True, True]


def test_cheapest_of_those_that_cannot_be_told_apart() -> None:
    """Of the pipelines whose paired difference to the best includes 0 the cheapest is recommended."""
    finalists = [
        confirmed("best", 0.80, 50, usd=0.004),
        confirmed("cheap", 0.795, 80, usd=0.001),
        confirmed("cheapest but worse", 0.4, 20),
    ]
    conclusion = conclude(results([], finalists))
    assert conclusion.recommended is not None and conclusion.best is not None
    assert conclusion.best.evaluation.pipeline == "best"
    assert conclusion.recommended.evaluation.pipeline == "cheap"
    assert [finalist.tied for finalist in conclusion.finalists] == [False, True, False]


def test_fastest_of_equally_cheap() -> None:
    """Where those that can't be told apart cost the same, the fastest is recommended, but only within the bound."""
    finalists = [confirmed("best", 0.8, 90), confirmed("fast", 0.8, 30), confirmed("slow", 0.81, 130)]
    recommended = conclude(results([], finalists)).recommended
    assert recommended is not None and recommended.evaluation.pipeline == "fast"


def test_comparison_is_paired() -> None:
    """The same small gap is told apart where it is the same questions that differ, and not where many cancel out."""
    near = conclude(results([], [confirmed("a", 0.80, 50), confirmed("b", 0.74, 40)])).finalists[1]
    far = conclude(results([], [confirmed("a", 0.80, 50), confirmed("b", 0.74, 40, shift=90)])).finalists[1]
    assert near.behind is not None and far.behind is not None
    assert near.behind.value == pytest.approx(0.06) == far.behind.value
    assert (near.tied, far.tied) == (False, True)


def test_nothing_keeps_the_bound() -> None:
    """Where no pipeline keeps the bound nothing is recommended, and the nearest is named."""
    conclusion = conclude(results([evaluation("a", 0.9, 200)], [confirmed("a", 0.9, 200), confirmed("b", 0.5, 120)]))
    assert conclusion.best is None and conclusion.recommended is None
    assert conclusion.nearest is not None and conclusion.nearest.evaluation.pipeline == "b"


def test_other_service_level_without_running() -> None:
    """Under a tighter bound that no finalist keeps, unconfirmed pipelines may be recommended, and are marked so."""
    known = results([evaluation("a", 0.9, 90), evaluation("b", 0.6, 15)], [confirmed("a", 0.9, 90)])
    conclusion = conclude(known.under(Goals(GOALS, ServiceLevel("latency_p95", 0.020))))
    assert conclusion.basis is QuestionSet.EXPLORE
    assert conclusion.recommended is not None and conclusion.recommended.evaluation.pipeline == "b"
    assert {finalist.evaluation.pipeline for finalist in conclusion.finalists} == {"a", "b"}


def test_better_pipeline_that_was_never_confirmed_is_named() -> None:
    """Where another bound lets a finalist win, an unconfirmed pipeline that is clearly better under it is named."""
    known = results(
        [evaluation("finalist", 0.5, 20), evaluation("better", 0.8, 50), evaluation("confirmed", 0.9, 90)],
        [confirmed("finalist", 0.5, 20), confirmed("confirmed", 0.9, 90)],
    )
    conclusion = conclude(known.under(Goals(GOALS, ServiceLevel("latency_p95", 0.060))))
    assert conclusion.recommended is not None and conclusion.recommended.evaluation.pipeline == "finalist"
    assert conclusion.unconfirmed is not None and conclusion.unconfirmed.pipeline == "better"
    assert conclude(known).unconfirmed is None


def test_measured_refutes_predicted() -> None:
    """A pipeline that kept the bound by prediction but not when run for real is not recommended."""
    real = replace(confirmed("a", 0.9, 90), end_to_end=(0.120,) * QUESTIONS)
    conclusion = conclude(results([evaluation("a", 0.9, 90)], [real]))
    assert conclusion.recommended is None
    finalist = conclusion.finalists[0]
    assert finalist.predicted["latency_p95"] == pytest.approx(0.090)
    assert finalist.measured["latency_p95"] == pytest.approx(0.120)


def test_predicted_and_measured_are_compared_on_the_questions_that_were_run() -> None:
    """A dozen here; the figure that is judged is of all questions."""
    foretold = confirmed("a", 0.9, 90)
    row = (0.010,) * 12 + (0.080,) * (QUESTIONS - 12)
    real = replace(foretold, seconds={"generate": row}, end_to_end=(0.011,) * 12)
    (finalist,) = conclude(results([evaluation("a", 0.9, 90)], [real])).finalists
    assert finalist.predicted["latency_p95"] == pytest.approx(0.010)
    assert finalist.measured["latency_p95"] == pytest.approx(0.011)
    assert finalist.estimates["latency_p95"].value == pytest.approx(0.088)


def test_interrupted_before_confirmation() -> None:
    """Without confirmed pipelines the conclusion rests on the explore questions and says so."""
    conclusion = conclude(results([evaluation("a", 0.9, 90), evaluation("b", 0.6, 15)], []))
    assert conclusion.basis is QuestionSet.EXPLORE
    assert conclusion.recommended is not None and conclusion.recommended.evaluation.pipeline == "a"
    assert conclusion.recommended.measured == {}


def test_no_service_level() -> None:
    """Without a service level every finalist qualifies and there is no split to answer."""
    conclusion = conclude(results([], [confirmed("slow", 0.9, 900), confirmed("quick", 0.5, 5)], sla=None))
    assert conclusion.best is not None and conclusion.best.evaluation.pipeline == "slow"
    assert conclusion.split is None


def test_nothing_explored() -> None:
    """An empty study concludes nothing, without an error."""
    conclusion = conclude(results([], []))
    assert (conclusion.points, conclusion.finalists, conclusion.recommended) == ((), (), None)


def test_frontier_with_membership() -> None:
    """Frontier pipelines carry intervals and the share of resamples in which they stay; dominated ones no intervals."""
    explored = [evaluation("a", 0.9, 90), evaluation("b", 0.895, 91, shift=3), evaluation("c", 0.2, 95)]
    a, b, c = conclude(results(explored, [])).points
    assert (a.on_frontier, b.on_frontier, c.on_frontier) == (True, False, False)
    assert (a.membership, c.membership) == (1.0, 0.0)
    assert b.membership is not None and 0 < b.membership < 1
    assert set(a.estimates) == {"f1", "latency_p95", "usd_per_1k"} and not c.estimates


def test_failures_and_gaps_stay_visible() -> None:
    """A pipeline with failed and unscored questions is counted, endlessly slow at its tail, and off the frontier."""
    whole = evaluation("whole", 0.5, 50)
    scores = (0.0,) * 20 + (None,) * 5 + whole.scores["f1"][25:]
    seconds = {"retrieve": (None,) * 20 + whole.seconds["retrieve"][20:], "generate": whole.seconds["generate"]}
    broken = replace(
        whole, pipeline="broken", scores={"f1": scores}, seconds=seconds, failures=dict.fromkeys(range(20), "timed out")
    )
    point = conclude(results([whole, broken], [])).points[1]
    assert (point.failures, point.missing, point.on_frontier) == (20, 5, False)
    assert point.figures["latency_p95"] is None
    assert point.figures["f1"] == pytest.approx(75 / 195)


def test_endless_latency_is_never_nearest() -> None:
    """A pipeline whose percentile is unbounded because questions failed does not count as near the bound."""
    failed = replace(confirmed("failed", 0.9, 50), end_to_end=(None,) * QUESTIONS)
    conclusion = conclude(results([], [failed, confirmed("slow", 0.5, 300)]))
    assert conclusion.nearest is not None and conclusion.nearest.evaluation.pipeline == "slow"
    assert conclusion.finalists[0].measured["latency_p95"] == math.inf


def test_minimised_first_objective() -> None:
    """Where nothing is maximised, the first objective decides, and less of it is better."""
    known = replace(
        results([], [confirmed("cheap", 0.1, 50, usd=0.001), confirmed("dear", 0.9, 50, usd=0.002)]),
        goals=Goals((Objective("usd_per_1k", maximize=False),), SLA),
    )
    recommended = conclude(known).recommended
    assert recommended is not None and recommended.evaluation.pipeline == "cheap"


@pytest.mark.parametrize("timed", [24, QUESTIONS])
def test_confirmed_misses_and_unconfirmed_pipelines_are_judged_apart(timed: int) -> None:
    """Where every confirmed pipeline misses the bound and an unconfirmed one keeps it, each is judged on the questions
    that it was asked: 24 timed ones while exploring and 200 confirmed, or as many of both."""

    def explored(name: str, right: float, milliseconds: float) -> Evaluation:
        known = evaluation(name, right, milliseconds)
        return replace(
            known,
            seconds={stage: row[:timed] for stage, row in known.seconds.items()},
            metered={"usd": known.metered["usd"][:timed]},
        )

    known = results(
        [explored("late", 0.9, 90), explored("quick", 0.5, 40), explored("quickest", 0.3, 10)],
        [confirmed("late", 0.9, 150), confirmed("later", 0.8, 160)],
    )
    conclusion = conclude(known)
    assert conclusion.basis is QuestionSet.EXPLORE
    assert conclusion.recommended is not None and conclusion.recommended.evaluation.pipeline == "quick"
    assert conclusion.recommended.estimates["latency_p95"].n == timed
    assert [(one.evaluation.pipeline, one.keeps_bounds, one.tied) for one in conclusion.finalists] == [
        ("quick", True, False),
        ("quickest", True, False),
        ("late", False, False),
        ("later", False, False),
    ]
    assert conclusion.finalists[2].estimates["latency_p95"].n == QUESTIONS
    assert conclusion.finalists[2].behind is None


SECOND = Objective("recall", maximize=True)


def with_recall(pipeline: Evaluation, right: float) -> Evaluation:
    """The same pipeline with this share of another score."""
    recall = (np.arange(QUESTIONS) < right * QUESTIONS).astype(float)
    return replace(pipeline, scores={**pipeline.scores, "recall": tuple(recall.tolist())})


@pytest.mark.parametrize("objectives", [(*GOALS, SECOND), (GOALS[0], SECOND, GOALS[1])])
def test_ties_in_the_first_objective_are_broken_by_the_other_scores(objectives: tuple[Objective, ...]) -> None:
    """Before the price is looked at: the cheap pipeline is as good in the first score, and far behind in the second."""
    pipelines = [
        with_recall(confirmed("dear", 0.8, 50, usd=0.004), 0.625),
        with_recall(confirmed("cheap", 0.8, 20, usd=0.001), 0.125),
        with_recall(confirmed("cheaper, and as good", 0.8, 60, usd=0.003), 0.62),
        with_recall(confirmed("behind in the first", 0.4, 10), 1.0),
    ]
    conclusion = conclude(replace(results([], pipelines), goals=Goals(objectives, SLA)))
    assert conclusion.recommended is not None
    assert conclusion.recommended.evaluation.pipeline == "cheaper, and as good"
    assert conclusion.weighed == ("recall", "usd_per_1k", "latency_p95")


def test_other_scores_count_in_their_order() -> None:
    """The third decides only between those that the second leaves; one to be kept small is kept small."""
    third = Objective("steps", maximize=False)

    def pipeline(name: str, recall: float, steps: float) -> Evaluation:
        known = with_recall(confirmed(name, 0.8, 50), recall)
        row = (np.arange(QUESTIONS) < steps * QUESTIONS).astype(float)
        return replace(known, scores={**known.scores, "steps": tuple(row.tolist())})

    pipelines = [pipeline("a", 0.6, 0.9), pipeline("b", 0.6, 0.5), pipeline("c", 0.3, 0.1)]
    for order, expected in (((SECOND, third), "b"), ((third, SECOND), "c")):
        recommended = conclude(replace(results([], pipelines), goals=Goals((*GOALS, *order), SLA))).recommended
        assert recommended is not None and recommended.evaluation.pipeline == expected


def test_a_score_that_no_tied_pipeline_has_decides_nothing() -> None:
    """Gaps in the second objective leave the price to decide, and are not weighed."""
    known = results([], [confirmed("dear", 0.8, 50, usd=0.004), confirmed("cheap", 0.8, 50, usd=0.001)])
    conclusion = conclude(replace(known, goals=Goals((*GOALS, SECOND), SLA)))
    assert conclusion.recommended is not None and conclusion.recommended.evaluation.pipeline == "cheap"
    assert conclusion.weighed == ("usd_per_1k", "latency_p95")


def test_the_most_accurate_that_gets_nothing_right_is_useless() -> None:
    """Where all that keep the bound score nothing, nothing is recommended, and the nearest beyond is one that does."""
    late = [confirmed("late and good", 0.9, 120), confirmed("late and useless", 0.0, 110)]
    conclusion = conclude(results([], [confirmed("quick", 0.0, 10), *late]))
    assert conclusion.best is None and conclusion.recommended is None
    assert conclusion.useless is not None and conclusion.useless.evaluation.pipeline == "quick"
    assert conclusion.nearest is not None and conclusion.nearest.evaluation.pipeline == "late and good"


def test_objectives_that_are_no_scores_may_be_zero() -> None:
    """Nothing is wrong with a pipeline that costs nothing."""
    known = replace(
        results([], [confirmed("free", 0.0, 50)]), goals=Goals((Objective("usd_per_1k", maximize=False),), SLA)
    )
    assert conclude(known).recommended is not None


DRAWN = st.tuples(st.sampled_from([0.0, 0.005, 0.01, 0.3, 0.31, 0.9]), st.sampled_from([20, 90, 130]), st.booleans())


@settings(deadline=None, max_examples=40)
@given(st.lists(DRAWN, min_size=1, max_size=6), st.integers(0, 6), st.booleans())
def test_whatever_is_recommended_keeps_the_bound_and_gets_something_right(
    drawn: list[tuple[float, int, bool]], finalists: int, bounded: bool
) -> None:
    """For any mixture of confirmed and unconfirmed, late, failing and useless pipelines; and where any pipeline of the
    basis is as good, one is recommended."""

    def made(number: int, question_set: QuestionSet) -> Evaluation:
        right, milliseconds, fails = drawn[number]
        known = evaluation(str(number), 0.0 if fails else right, milliseconds, question_set)
        failures = dict.fromkeys(range(QUESTIONS), "no key") if fails else {}
        return replace(
            known,
            failures=failures,
            seconds=dict.fromkeys(known.seconds, (None,) * QUESTIONS) if fails else known.seconds,
        )

    explored = [made(number, QuestionSet.EXPLORE) for number in range(len(drawn))]
    known = results(
        explored,
        [made(number, QuestionSet.CONFIRM) for number in range(len(drawn))][:finalists],
        SLA if bounded else None,
    )
    conclusion = conclude(known)
    good = [right > 0.02 and not fails and (not bounded or ms <= 100) for right, ms, fails in drawn]
    if recommended := conclusion.recommended:
        assert good[int(recommended.evaluation.pipeline)]
        assert recommended.evaluation.question_set is conclusion.basis
    elif conclusion.basis is QuestionSet.CONFIRM:
        assert not any(good[:finalists])
    else:
        assert not any(good)
