"""Finalists' judged scores are corrected by what people said, all of them or none, and it is said why not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bench.judging.simulated import truth
from tests.judged_results import JUDGED, SETTING, judged_results, judged_study, labels_of, pipeline_of
from tradespace.evals.prediction_powered import corrected_means, rectified_scores
from tradespace.explorer.conclusions.calibration import JudgeCalibration, JudgeStanding, calibrated
from tradespace.explorer.conclusions.cohort import Cohort
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.conclusions.figures import advantages, figures, joint_estimates
from tradespace.explorer.results import JudgeLabels, Results
from tradespace.search_space.bounds import Bound
from tradespace.search_space.goals import Objective

STUDY = judged_study()
OBJECTIVE = Objective(JUDGED, True)


def standing_of(results: Results) -> JudgeStanding:
    (standing,) = calibrated(results)[1]
    return standing


def test_figures_are_those_of_the_statistics() -> None:
    """Means, intervals and differences of finalists: nothing else is computed on the way."""
    corrected, _ = calibrated(judged_results(STUDY, labels_of(STUDY)))
    table = rectified_scores(STUDY.judged, STUDY.labels, STUDY.design)
    assert figures(corrected.confirmed, [JUDGED])[:, 0] == pytest.approx(table.mean(axis=1))
    known = [each[JUDGED] for each in joint_estimates(corrected.confirmed, [JUDGED])]
    assert known == corrected_means(table.tolist(), STUDY.design)
    first, *others = corrected.confirmed
    (ahead, _) = advantages(first, others, OBJECTIVE)
    assert ahead.value == pytest.approx(float((table[0] - table[1]).mean()))


def test_corrected_figures_are_nearer_to_the_truth() -> None:
    """In the mean over finalists and studies: the judge says yes to three of ten wrong answers."""
    raw, corrected = [], []
    for seed in range(40):
        study = judged_study(seed)
        results = judged_results(study, labels_of(study))
        raw.append(figures(results.confirmed, [JUDGED])[:, 0] - truth(SETTING))
        corrected.append(figures(calibrated(results)[0].confirmed, [JUDGED])[:, 0] - truth(SETTING))
    assert abs(np.mean(corrected)) < 0.02
    assert abs(np.mean(raw)) > 0.05


def test_the_conclusion_quotes_corrected_figures_beside_raw_ones() -> None:
    """Of the finalists; explored pipelines are raw, and what a figure fell by is raw against raw."""
    conclusion = conclude(judged_results(STUDY, labels_of(STUDY)))
    assert conclusion.recommended is not None
    for finalist in conclusion.finalists:
        row = [pipeline_of(row) for row in range(3)].index(finalist.evaluation.pipeline)
        assert finalist.raw[JUDGED].value == pytest.approx(STUDY.judged[row].mean())
        assert finalist.estimates[JUDGED].value != pytest.approx(STUDY.judged[row].mean())
    points = {point.evaluation.pipeline: point.figures[JUDGED] for point in conclusion.points}
    assert points[pipeline_of(0)] == pytest.approx(STUDY.judged[0].mean())
    assert conclusion.fell == pytest.approx(0.0)


def test_bounds_are_kept_by_corrected_figures() -> None:
    """A floor that the raw figure reaches, and the corrected one does not."""
    results = judged_results(STUDY, labels_of(STUDY))
    raw = figures(results.confirmed, [JUDGED])[:, 0].min()
    corrected = figures(calibrated(results)[0].confirmed, [JUDGED])[:, 0].max()
    assert corrected < raw
    floor = Bound(JUDGED, float(corrected + raw) / 2, floor=True)
    goals = replace(results.goals, limits=(floor,))
    assert conclude(replace(results, labels={}).under(goals)).best is not None
    assert all(finalist.missed for finalist in conclude(results.under(goals)).finalists if finalist.raw)


def test_without_labels_all_is_raw() -> None:
    """As a study was before there were labels."""
    results = judged_results(STUDY)
    assert standing_of(results).calibration is JudgeCalibration.UNLABELLED
    assert calibrated(results)[0].confirmed == results.confirmed
    assert not any(finalist.raw for finalist in conclude(results).finalists)


def test_no_judge_no_standing() -> None:
    """A study without judged measures concludes nothing of judges."""
    results = replace(judged_results(STUDY), judges={})
    assert conclude(results).judges == ()


@pytest.mark.parametrize(
    ("changed", "calibration"),
    [
        ({"digests": {pipeline_of(0): "other answers"}}, JudgeCalibration.OUTDATED),
        ({"answers": {}}, JudgeCalibration.OUTDATED),
        ({"strata": STUDY.strata[:-1]}, JudgeCalibration.OUTDATED),
        ({"drawn": STUDY.drawn[:1]}, JudgeCalibration.TOO_FEW),
        ({"least_specificity": 0.9}, JudgeCalibration.REFUSED),
        ({"least_sensitivity": 0.5, "least_specificity": 0.3}, JudgeCalibration.CORRECTED),
    ],
    ids=["other answers", "other finalists", "more questions", "too few", "refused", "good enough"],
)
def test_why_nothing_is_corrected_is_known(changed: dict[str, object], calibration: JudgeCalibration) -> None:
    """Labels of other answers correct nothing, nor do too few, nor a judge that is worse than was demanded."""
    results = judged_results(STUDY, labels_of(STUDY, **changed))
    assert standing_of(results).calibration is calibration
    assert (calibrated(results)[0].confirmed == results.confirmed) == (calibration is not JudgeCalibration.CORRECTED)


def test_a_question_that_is_labelled_in_part_corrects_nothing() -> None:
    """Else those would be left out on which finalists differ, and no others."""
    labels = labels_of(STUDY)
    place = next(place for place in STUDY.drawn if len(set(STUDY.keys[:, place].tolist())) > 1)
    known = {key: said for key, said in labels.labels.items() if key != f"{place}-1"}
    standing = standing_of(judged_results(STUDY, replace(labels, labels=known)))
    assert (standing.calibration, standing.lacking) == (JudgeCalibration.UNFINISHED, 1)
    skipped = replace(labels, labels=known, skipped=frozenset({f"{place}-1"}))
    assert standing_of(judged_results(STUDY, skipped)).questions == len(STUDY.drawn) - 1


def test_a_question_that_nobody_came_to_is_left_out() -> None:
    """Whoever stops half-way has labelled some of the questions, in random order: they stand for all."""
    half = STUDY.drawn[: len(STUDY.drawn) // 2]
    standing = standing_of(judged_results(STUDY, labels_of(STUDY, without=set(STUDY.drawn) - set(half))))
    assert (standing.calibration, standing.questions) == (JudgeCalibration.CORRECTED, len(half))


def test_a_pipeline_that_failed_is_wrong_without_asking() -> None:
    """Its score counts as what people say: they are asked about answers alone."""
    place = STUDY.drawn[0]
    judged = STUDY.judged.copy()
    judged[0, place] = 0.0
    labels = labels_of(STUDY)
    rows = {
        pipeline: tuple("" if (pipeline, at) == (pipeline_of(0), place) else key for at, key in enumerate(row))
        for pipeline, row in labels.answers.items()
    }
    results = judged_results(replace(STUDY, judged=judged), replace(labels, answers=rows))
    standing = standing_of(results)
    assert (standing.calibration, standing.questions) == (JudgeCalibration.CORRECTED, len(STUDY.drawn))


def test_each_answer_is_compared_once() -> None:
    """However many finalists gave it; and answers count for as many as they were drawn from."""
    standing = standing_of(judged_results(STUDY, labels_of(STUDY)))
    assert standing.agreement is not None
    assert standing.agreement.answers == len(labels_of(STUDY).labels)
    assert standing.agreement.sensitivity.value == pytest.approx(SETTING.sensitivity, abs=0.12)
    assert standing.agreement.specificity.value == pytest.approx(SETTING.specificity, abs=0.25)


def test_a_judge_that_says_something_else_the_second_time_is_counted() -> None:
    """Of the answers that it was asked about once more."""
    labels = labels_of(STUDY)
    rows = [(row, place) for place in STUDY.drawn[:5] for row in (0,)]
    again = {f"{place}-0": float(STUDY.judged[row, place]) for row, place in rows}
    first = next(iter(again))
    again[first] = 1 - again[first]
    standing = standing_of(judged_results(STUDY, replace(labels, repeated=again)))
    assert (standing.repeated, standing.changed) == (5, 1)


def test_labels_of_nobody_are_none() -> None:
    """Damaged places do no harm."""
    results = judged_results(STUDY, JudgeLabels((), {}, {}, (999,), {"x": 1.0}))
    assert standing_of(results).calibration is JudgeCalibration.OUTDATED


def test_a_cohort_of_raw_and_corrected_scores_is_raw() -> None:
    """One design for all, or none."""
    results = judged_results(STUDY, labels_of(STUDY))
    corrected = calibrated(results)[0].confirmed
    assert type(Cohort(corrected).summary(JUDGED)).__name__ == "CorrectedMean"
    assert type(Cohort((corrected[0], results.confirmed[1])).summary(JUDGED)).__name__ == "Mean"
