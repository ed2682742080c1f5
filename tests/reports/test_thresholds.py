"""How far a chosen figure fell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tradespace.evals.cross_fit import deal
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.results import Evaluation, QuestionSet, Results
from tradespace.reports.thresholds import THRESHOLD_FOLDS, FallInfo, fall_info, fall_sentence, without_thresholds

Make = Callable[..., Results]

ACCEPTS = ("0.2", "0.4", "0.6", "0.8")
QUESTIONS = 120


def cascades(results: Results) -> Results:
    """Cascades that differ in their threshold alone, and answer at random: what looks best is luck."""
    random = np.random.default_rng(5)

    def cascade(accept: str, question_set: QuestionSet) -> Evaluation:
        scores = tuple((random.random(QUESTIONS) < 0.5).astype(float).tolist())
        name = f"bm25() >> cascade(then=llm(), accept={accept})"
        return replace(results.explored[0], pipeline=name, question_set=question_set, scores={"answer_f1": scores})

    explored = tuple(cascade(accept, QuestionSet.EXPLORE) for accept in ACCEPTS)
    best = max(explored, key=lambda evaluation: sum(evaluation.scores["answer_f1"]))  # type: ignore[arg-type]
    confirmed = replace(best, question_set=QuestionSet.CONFIRM, scores=cascade("0", QuestionSet.CONFIRM).scores)
    return replace(results, explored=explored, confirmed=(confirmed,))


def test_the_fall_is_that_of_the_recommended_pipeline(make_results: Make) -> None:
    """Its mean on the explore questions and on the confirm questions; without other thresholds that is all."""
    results = make_results()
    conclusion = conclude(results)
    assert conclusion.recommended
    info = fall_info(conclusion)
    assert info
    name = conclusion.recommended.evaluation.pipeline
    before, after = (
        float(np.mean([evaluation.scores["answer_f1"] for evaluation in rows if evaluation.pipeline == name]))
        for rows in (results.explored, results.confirmed)
    )
    assert (info.explored, info.confirmed) == pytest.approx((before, after))
    assert (info.thresholds, info.tried, info.cross_fitted) == ((), 1, None)


def test_thresholds_are_cross_fitted_over_the_explore_questions(make_results: Make) -> None:
    """As a plain loop over the folds finds: each fold is judged by what the other questions prefer."""
    results = cascades(make_results(sla=None))
    info = fall_info(conclude(results))
    assert info
    scores = np.array([evaluation.scores["answer_f1"] for evaluation in results.explored], dtype=float)
    naive = 0.0
    for fold in deal(QUESTIONS, THRESHOLD_FOLDS, seed=0):
        others = [question for question in range(QUESTIONS) if question not in fold]
        naive += scores[scores[:, others].mean(axis=1).argmax(), fold].sum()
    assert info.cross_fitted == pytest.approx(naive / QUESTIONS)
    assert (info.thresholds, info.tried) == (("accept",), len(ACCEPTS))
    assert info.cross_fitted <= info.explored == pytest.approx(scores.mean(axis=1).max())


def test_each_pipeline_is_judged_by_the_questions_that_it_has_a_score_of(make_results: Make) -> None:
    """As where it declines the others, and even where another declines them all."""
    results = cascades(make_results(sla=None))
    chosen = next(each for each in results.explored if each.pipeline == results.confirmed[0].pipeline)

    def declining(evaluation: Evaluation) -> Evaluation:
        scores = evaluation.scores["answer_f1"] if evaluation is chosen else (None,) * QUESTIONS
        return replace(evaluation, scores={"answer_f1": (None, *scores[1:])})

    info = fall_info(conclude(replace(results, explored=tuple(map(declining, results.explored)))))
    assert info
    expected = np.mean([score for score in chosen.scores["answer_f1"][1:] if score is not None])
    assert (info.explored, info.cross_fitted) == (pytest.approx(expected), pytest.approx(expected))


def test_nothing_is_said_of_what_was_not_confirmed(make_results: Make) -> None:
    """There is nothing to compare with."""
    assert fall_info(conclude(make_results(confirm=False))) is None


@pytest.mark.parametrize(
    ("notation", "rest"),
    [
        ("cot_at_k(k=8, route_below=0.5)", "cot_at_k(k=8)"),
        ("cot_at_k(route_below=0.5, k=8)", "cot_at_k(k=8)"),
        ("if_needed(sure_from=0.7)", "if_needed()"),
        ("bm25(top_k=3)", "bm25(top_k=3)"),
    ],
)
def test_pipelines_are_alike_but_for_their_thresholds(notation: str, rest: str) -> None:
    """A threshold at its default is not written, and so is none."""
    assert without_thresholds(notation) == rest


def test_the_sentence_says_which_way_it_went() -> None:
    """Down, up or nowhere; with the cross-fitted figure where thresholds were fitted."""
    assert "confirmed it is 0.600: it fell by 0.100." in fall_sentence(FallInfo("answer_em", 0.7, 0.6))
    assert "it rose by 0.100." in fall_sentence(FallInfo("answer_em", 0.6, 0.7))
    assert fall_sentence(FallInfo("answer_em", 0.6, 0.6)).endswith("confirmed it is 0.600 too.")
    fitted = fall_sentence(FallInfo("answer_em", 0.7, 0.6, ("accept",), 3, 0.65))
    assert "Its accept was chosen from 3 settings" in fitted
    assert "they give 0.650." in fitted
