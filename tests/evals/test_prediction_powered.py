"""Corrected means against the papers' formulas, and against truths that are known."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.judging.simulated import JudgeSetting, simulated_study, truth
from tradespace.evals.prediction_powered import (
    OUTSIDE,
    LabelDesign,
    corrected_differences,
    corrected_means,
    label_design,
    labels_for_half_width,
    rectified_scores,
    tuned_power,
)
from tradespace.evals.simultaneous import paired_differences, simultaneous_means
from tradespace.evals.statistics import Array, Estimate

seeds = st.integers(0, 2**32 - 1)


def ppi_plus_plus(labels: Array, labelled: Array, others: Array) -> tuple[float, float]:
    """The estimate of PPI++ and its power, as the paper writes them: from labels, the scores of what is labelled, and
    those of what is not."""
    n, more = len(labels), len(others)
    covariance = np.cov(labels, labelled)[0, 1]
    power = covariance / ((1 + n / more) * np.var(np.concatenate([labelled, others]), ddof=1))
    return float(power * others.mean() + (labels - power * labelled).mean()), float(power)


def draw(seed: int, rows: int = 1, questions: int = 60, known: int = 20) -> tuple[Array, Array, LabelDesign]:
    """Scores, labels that agree with most of them, and one stratum of which some are labelled."""
    random = np.random.default_rng(seed)
    labels = (random.random((rows, questions)) < 0.6).astype(float)
    scores = np.where(random.random((rows, questions)) < 0.8, labels, 1 - labels)
    drawn = set(random.permutation(questions)[:known].tolist())
    labelled = tuple(place in drawn for place in range(questions))
    return scores, labels, LabelDesign((0,) * questions, labelled)


def width(estimate: Estimate) -> float:
    assert estimate.low is not None and estimate.high is not None
    return estimate.high - estimate.low


def holds(estimate: Estimate, true: float) -> bool:
    assert estimate.low is not None and estimate.high is not None
    return estimate.low <= true <= estimate.high


@given(seeds)
@settings(max_examples=50)
def test_one_stratum_is_what_the_paper_says(seed: int) -> None:
    """PPI++ takes the mean over unlabelled questions, and ours that over all: another factor, the same estimate."""
    scores, labels, design = draw(seed)
    known = np.array(design.labelled)
    estimate, power = ppi_plus_plus(labels[0, known], scores[0, known], scores[0, ~known])
    over_all = power * (1 + known.sum() / (~known).sum())
    if 0 < over_all < 1:
        (corrected,) = rectified_scores(scores, labels, design)
        assert corrected.mean() == pytest.approx(estimate)
        assert tuned_power(scores, labels, design) == pytest.approx(over_all)


@given(seeds, st.floats(0, 1))
@settings(max_examples=50)
def test_labels_count_for_the_inverse_of_their_probability(seed: int, power: float) -> None:
    """The estimate of active statistical inference, with the share of the stratum that is labelled as probability."""
    scores, labels, _ = draw(seed)
    strata = np.array([0] * 40 + [1] * 20)
    labelled = np.array([True, False, False, False] * 10 + [True, True, False, True] * 5)
    design = LabelDesign(tuple(strata.tolist()), tuple(labelled.tolist()))
    probability = np.array([0.25, 0.75])[strata]
    weighed = power * scores + np.where(labelled, labels - power * scores, 0) / probability
    assert rectified_scores(scores, labels, design, power).mean() == pytest.approx(weighed.mean())


def test_all_labels_are_the_truth() -> None:
    """Where every question is labelled, what the judge says is of no account, and the intervals are the usual ones."""
    scores, labels, _ = draw(1, rows=3)
    everything = LabelDesign((0,) * 60, (True,) * 60)
    rectified = rectified_scores(scores, labels, everything)
    assert rectified == pytest.approx(labels)
    assert corrected_means(rectified.tolist(), everything) == simultaneous_means(rectified.tolist())
    table = rectified.tolist()
    assert corrected_differences(table[1:], table[0], everything) == paired_differences(table[1:], table[0])


@pytest.mark.parametrize(("sensitivity", "specificity", "labels"), [(0.95, 0.7, 40), (0.6, 0.5, 40), (0.9, 0.4, 100)])
def test_corrected_intervals_hold_and_raw_ones_do_not(sensitivity: float, specificity: float, labels: int) -> None:
    """For three finalists at once, on 150 studies; `bench.judging` has more, and more of each."""
    setting = JudgeSetting("", sensitivity, specificity, right=(0.65, 0.75, 0.7), labels=labels)
    random, true, raw, corrected, apart = np.random.default_rng(0), truth(setting), [], [], []
    for _ in range(150):
        study = simulated_study(setting, random)
        table = rectified_scores(study.judged, study.labels, study.design).tolist()
        raw.append(all(map(holds, simultaneous_means(study.judged.tolist()), true)))
        corrected.append(all(map(holds, corrected_means(table, study.design), true)))
        apart.append(all(map(holds, corrected_differences(table[1:], table[0], study.design), true[1:] - true[0])))
    assert np.mean(corrected) >= 0.93
    assert np.mean(apart) >= 0.93
    assert np.mean(raw) < 0.8


@pytest.mark.parametrize("right", [0.05, 0.7, 0.95])
def test_the_interval_of_one_pipeline_holds_where_few_labels_say_the_other_thing(right: float) -> None:
    """Two of forty labelled answers are wrong, or right, or none is: over 300 studies."""
    setting, random = JudgeSetting("", 0.95, 0.8, right=(right,), decisive=False), np.random.default_rng(0)
    held = []
    for _ in range(300):
        study = simulated_study(setting, random)
        table = rectified_scores(study.judged, study.labels, study.design).tolist()
        held.append(holds(corrected_means(table, study.design)[0], right))
    assert np.mean(held) >= 0.93


def test_a_good_judge_narrows_and_a_bad_one_does_little_harm() -> None:
    """Against intervals of the labels alone, in the mean over studies."""
    ratios = []
    for sensitivity, specificity in ((0.97, 0.95), (0.5, 0.5)):
        random, setting = np.random.default_rng(1), JudgeSetting("", sensitivity, specificity, decisive=False)
        studies = [simulated_study(setting, random) for _ in range(60)]
        corrected, alone = (
            np.mean([width(corrected_means(table.tolist(), study.design)[0]) for table, study in rectified])
            for rectified in (
                [(rectified_scores(each.judged, each.labels, each.design, power), each) for each in studies]
                for power in (None, 0.0)
            )
        )
        ratios.append(corrected / alone)
    assert ratios[0] < 0.75
    assert ratios[1] < 1.1


def test_where_all_answer_alike_nobody_differs() -> None:
    """Whatever is labelled: finalists of equal answers have equal figures, and no difference."""
    scores, labels, design = draw(3)
    table = rectified_scores(np.repeat(scores, 2, axis=0), np.repeat(labels, 2, axis=0), design).tolist()
    first, second = corrected_means(table, design)
    assert first == second
    (difference,) = corrected_differences(
        table[:1], table[1], LabelDesign(design.strata, design.labelled, frozenset({0}))
    )
    assert difference.value == 0


def test_labels_spent_where_finalists_differ_tell_them_apart_sooner() -> None:
    """As many labels, more of them drawn there: their difference has a narrower interval."""
    means = []
    for decisive in (False, True):
        random = np.random.default_rng(2)
        setting = JudgeSetting("", 0.9, 0.8, right=(0.6, 0.8), alike=0.8, labels=60, decisive=decisive)
        widths = []
        for _ in range(60):
            study = simulated_study(setting, random)
            table = rectified_scores(study.judged, study.labels, study.design).tolist()
            widths += map(width, corrected_differences(table[1:], table[0], study.design))
        means.append(np.mean(widths))
    assert means[1] < 0.95 * means[0]


def test_a_judge_that_never_erred_on_a_few_answers_is_not_taken_for_perfect() -> None:
    """Twenty labels that all agree leave an interval much wider than that of the questions alone."""
    _, labels, design = draw(4, questions=400)
    (estimate,) = corrected_means(rectified_scores(labels, labels, design).tolist(), design)
    (certain,) = simultaneous_means(labels.tolist())
    assert width(estimate) > 1.5 * width(certain)


def test_a_missing_score_is_no_zero() -> None:
    """The judge's mean stands for a reply that could not be read, and people's labels for it where there are any."""
    scores, labels, design = draw(5)
    holed = scores.copy()
    holed[0, :6] = np.nan
    filled = np.where(np.isnan(holed), np.nanmean(holed), holed)
    assert rectified_scores(holed, labels, design) == pytest.approx(rectified_scores(filled, labels, design))


def test_questions_outside_are_left_out() -> None:
    """A measure that does not apply to some questions is corrected on the others."""
    scores, labels, design = draw(6)
    outside = LabelDesign((*design.strata, OUTSIDE), (*design.labelled, False))
    wider = np.column_stack([scores, [0.0]]), np.column_stack([labels, [np.nan]])
    rectified = rectified_scores(*wider, outside)
    assert np.isnan(rectified[0, -1])
    (estimate,) = corrected_means(rectified.tolist(), outside)
    assert (estimate.n, estimate.missing) == (60, 1)
    alone = corrected_means(rectified_scores(scores, labels, design).tolist(), design)[0]
    assert estimate.value == pytest.approx(alone.value)


@pytest.mark.parametrize(
    ("labelled", "missing"), [((False,) * 4, 2), ((True, False, False, False), 1), ((True, True, False, False), 0)]
)
def test_too_few_labels_correct_nothing(labelled: tuple[bool, ...], missing: int) -> None:
    """A stratum needs two, for its spread; how many are missing is said."""
    design = LabelDesign((0, 0, 0, 0), labelled)
    assert design.missing == missing
    if missing:
        with pytest.raises(ValueError, match="each stratum needs 2 labelled questions"):
            rectified_scores(np.ones((1, 4)), np.ones((1, 4)), design)


def test_a_design_without_questions_lacks_labels() -> None:
    """Nothing to label is nothing to correct by."""
    assert LabelDesign((OUTSIDE,), (False,)).missing == 1


def test_questions_that_all_answer_alike_are_parted_where_both_parts_have_labels() -> None:
    """There no label can tell finalists apart; with too few labels, they stay together and may."""
    alike = [True] * 30 + [False] * 30
    parted = label_design([0] * 60, alike, [place % 3 == 0 for place in range(60)])
    assert set(parted.strata) == {0, 1}
    assert len(parted.alike) == 1
    assert parted.open_strata(telling_apart=True) == [next(iter({0, 1} - parted.alike))]
    together = label_design([0] * 60, alike, [place in (0, 1, 2, 3, 40) for place in range(60)])
    assert set(together.strata) == {0}
    assert not together.alike
    assert label_design([OUTSIDE, 0, 0], [True] * 3, [True] * 3).labelled == (False, True, True)


def test_more_labels_narrow_as_foretold() -> None:
    """As many more as are said to be needed bring the interval to about the width wanted."""
    scores, labels, few = draw(8, questions=600, known=40)
    table = rectified_scores(scores, labels, few).tolist()
    before = width(corrected_means(table, few)[0]) / 2
    needed = labels_for_half_width(table, few, 0.7 * before)
    assert needed is not None and 20 < needed < 200
    more = [place for place, known in enumerate(few.labelled) if not known][:needed]
    enough = LabelDesign(few.strata, tuple(known or place in more for place, known in enumerate(few.labelled)))
    after = width(corrected_means(rectified_scores(scores, labels, enough).tolist(), enough)[0]) / 2
    assert after == pytest.approx(0.7 * before, rel=0.2)


def test_labels_have_an_end() -> None:
    """No label is needed for what is known, none helps where there are too few questions, and tighter needs more."""
    scores, labels, design = draw(9)
    table = rectified_scores(scores, labels, design).tolist()
    assert labels_for_half_width(table, design, 0.5) == 0
    assert labels_for_half_width(table, design, 0.001) is None
    wants = [labels_for_half_width(table, design, half) or 0 for half in (0.3, 0.2, 0.17, 0.15)]
    assert all(one <= other for one, other in pairwise(wants))
    everything = LabelDesign((0,) * 60, (True,) * 60)
    assert labels_for_half_width(labels.tolist(), everything, 0.5) == 0
    assert labels_for_half_width(labels.tolist(), everything, 0.01) is None
