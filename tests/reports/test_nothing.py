"""Why nothing is recommended, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.results import Evaluation, Results
from tradespace.reports.info import split_infos
from tradespace.reports.recommendation import Verdict, recommendation
from tradespace.reports.splits import split_sentence
from tradespace.search_space.goals import Objective

Make = Callable[..., Results]

KEY = "generate: openai(model='gpt-5-mini') needs a key: set OPENAI_API_KEY"


def scored(evaluation: Evaluation, right: int) -> Evaluation:
    """The same pipeline with so many right answers."""
    row = evaluation.scores["answer_f1"]
    return replace(evaluation, scores={"answer_f1": (1.0,) * right + (0.0,) * (len(row) - right)})


def failed(evaluation: Evaluation, message: str = KEY) -> Evaluation:
    """The same pipeline, failed on every question."""
    nothing = {stage: (None,) * len(row) for stage, row in evaluation.seconds.items()}
    wrong = scored(evaluation, 0)
    return replace(
        wrong,
        failures=dict.fromkeys(range(len(wrong.scores["answer_f1"])), message),
        seconds=nothing,
        end_to_end=(None,) * len(evaluation.end_to_end),
        metered={},
    )


def changed(results: Results, change: Callable[[Evaluation], Evaluation]) -> Results:
    return replace(
        results, explored=tuple(map(change, results.explored)), confirmed=tuple(map(change, results.confirmed))
    )


@pytest.mark.parametrize("confirm", [True, False])
@pytest.mark.parametrize("sla", [True, False])
def test_what_failed_everywhere_is_not_recommended(make_results: Make, confirm: bool, sla: bool) -> None:
    """With a bound or without, confirmed or not: the failure is named, and that it is made again."""
    results = changed(make_results(confirm=confirm, **({} if sla else {"sla": None})), failed)
    recommended = recommendation(conclude(results))
    assert (recommended.verdict, recommended.pipeline) == (Verdict.NOTHING, None)
    tried = "12 pipelines were confirmed" if confirm else "45 pipelines were tried"
    assert recommended.headline == f"No pipeline can be recommended: {tried}, and failed on every question."
    assert recommended.notes[0] == f"Most often the failure was: {KEY}"
    assert "failed calls are made again" in recommended.notes[1]
    assert split_sentence(conclude(results)) == ""
    assert split_infos(conclude(results)) == ()


@pytest.mark.parametrize("right", [0, 1, 2])
@pytest.mark.parametrize("sla", [True, False])
def test_what_cannot_be_told_from_zero_is_not_recommended(make_results: Make, right: int, sla: bool) -> None:
    """Nothing right of 120, or one or two, whose intervals reach 0: why is said, and what to look at."""
    results = changed(make_results(**({} if sla else {"sla": None})), lambda evaluation: scored(evaluation, right))
    conclusion = conclude(results)
    recommended = recommendation(conclusion)
    assert conclusion.recommended is None and conclusion.best is None
    assert recommended.verdict is Verdict.NOTHING
    assert recommended.headline.startswith(
        f"No pipeline can be recommended: the best{' within the SLA of 100 ms' * sla} has"
    )
    assert f"answer F1 {right / 120:.3f} (0.000–0.0" in recommended.headline
    assert recommended.headline.endswith("which can't be distinguished from zero.")
    assert any("tradespace questions STUDY" in note for note in recommended.notes)
    assert split_sentence(conclusion) == ""


def scored_by(results: Results, name: str) -> Results:
    """The same study with a first objective of another name."""
    objectives = (Objective(name, True), Objective("latency_p95", False))

    def renamed(evaluation: Evaluation) -> Evaluation:
        return replace(evaluation, scores={name: evaluation.scores["answer_f1"]})

    return changed(replace(results, goals=replace(results.goals, objectives=objectives)), renamed)


def test_what_to_look_at_is_what_the_measure_compares(make_results: Make) -> None:
    """Who only retrieves has no answers to look at."""
    results = changed(make_results(), lambda evaluation: scored(evaluation, 0))
    cases = {
        "answer_f1": ("answers beside", "gold"),
        "gold_recall@5": ("gold documents", "answers"),
        "not_installed_here": ("answers beside", "gold"),
    }
    for name, (looked_at, other) in cases.items():
        judged = scored_by(results, name)
        (look,) = (note for note in recommendation(conclude(judged)).notes if "tradespace questions STUDY" in note)
        assert looked_at in look
        assert other not in look


def test_enough_right_answers_are_recommended(make_results: Make) -> None:
    """Eight of 120 is little, and beyond doubt more than nothing."""
    assert (
        recommendation(conclude(changed(make_results(), lambda evaluation: scored(evaluation, 8)))).verdict
        is Verdict.CONFIRMED
    )


def test_a_tied_pipeline_that_may_get_nothing_right_is_not_recommended_for_its_price(make_results: Make) -> None:
    """Nine and two of 120 can't be told apart, but two can't be told from zero either."""
    results = make_results(sla=None)
    good, poor = (scored(evaluation, right) for evaluation, right in zip(results.confirmed[:2], (9, 2), strict=True))
    cheap = replace(poor, metered={"usd": (0.0,) * 120})
    conclusion = conclude(replace(results, confirmed=(good, cheap)))
    assert conclusion.recommended is not None and conclusion.recommended.evaluation is good


def test_what_lies_beyond_the_bound_is_named(make_results: Make) -> None:
    """Where the fast ones get nothing right and slower ones do, a wider bound is the way out."""
    results = make_results()
    slow = max(results.confirmed, key=lambda evaluation: sum(evaluation.end_to_end))  # type: ignore[arg-type]
    others = tuple(evaluation if evaluation is slow else scored(evaluation, 0) for evaluation in results.confirmed)
    explored = tuple(scored(evaluation, 0) for evaluation in results.explored)
    notes = recommendation(conclude(replace(results, explored=explored, confirmed=others))).notes
    assert notes[-1].startswith("The nearest beyond the SLA has answer F1 0.")
    assert slow.pipeline in notes[-1]


def test_an_objective_that_nobody_can_score_is_named(make_results: Make) -> None:
    """No answers, no F1: the objective is at fault, not the bound, and no score is claimed to be there."""
    results = changed(
        make_results(), lambda evaluation: replace(evaluation, scores={"mrr": evaluation.scores["answer_f1"]})
    )
    conclusion = conclude(results)
    recommended = recommendation(conclusion)
    assert recommended.verdict is Verdict.NOTHING
    assert recommended.headline == "No pipeline can be recommended: no question could be scored by answer F1."
    assert {point.missing for point in conclusion.points} == {120}


def test_no_latency_at_all_is_no_score_of_zero(make_results: Make) -> None:
    """Where a bound is set and nothing was timed, neither can be judged."""
    results = changed(make_results(confirm=False), lambda evaluation: replace(evaluation, seconds={}))
    assert (
        recommendation(conclude(results)).headline
        == "No pipeline can be recommended: none has both an accuracy and a latency."
    )
