"""Two studies, before and after: what moved beyond noise."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tests.reports import conftest as reports
from tests.reports.conftest import Make, evaluation
from tradespace.evals.simultaneous import paired_difference
from tradespace.explorer.conclusions import comparing
from tradespace.explorer.conclusions.comparing import compare_studies
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.results import Evaluation, QuestionSet, Results

make_results = reports.make_results
EXPLORE, CONFIRM = QuestionSet.EXPLORE, QuestionSet.CONFIRM
Change = Callable[[Evaluation], Evaluation]


def changed(results: Results, change: Change, only: str = "") -> Results:
    """The same study after a change of all pipelines, or of those with a text in their notation."""

    def perhaps(each: Evaluation) -> Evaluation:
        return change(each) if only in each.pipeline else each

    explored, confirmed = (tuple(map(perhaps, side)) for side in (results.explored, results.confirmed))
    return replace(results, explored=explored, confirmed=confirmed)


def better(each: Evaluation) -> Evaluation:
    """Right on every question."""
    return replace(each, scores={"answer_f1": (1.0,) * len(each.scores["answer_f1"])})


def wrong(each: Evaluation) -> Evaluation:
    """Right on no question."""
    return replace(each, scores={"answer_f1": (0.0,) * len(each.scores["answer_f1"])})


def slower(each: Evaluation) -> Evaluation:
    """Half as much time again."""
    seconds = {stage: tuple(1.5 * (value or 0.0) for value in row) for stage, row in each.seconds.items()}
    return replace(each, seconds=seconds, end_to_end=tuple(1.5 * (value or 0.0) for value in each.end_to_end))


def test_a_study_beside_itself_has_not_moved(make_results: Make) -> None:
    """All pipelines are matched on all questions, and every difference is 0."""
    compared = compare_studies(make_results(), make_results())
    assert compared.questions == {EXPLORE: 120, CONFIRM: 120}
    assert len(compared.matched[EXPLORE].pairs) == 45
    changes = [change for split in QuestionSet for change in compared.changes[split]]
    assert {change.measure for change in changes} == {"answer_f1", "latency_p95", "usd_per_1k"}
    assert not any(change.moved or change.difference.value for change in changes)
    assert compared.recommendation.same
    assert all(shift.rose == shift.fell == 0 and shift.ratio == pytest.approx(1) for shift in compared.shifts)


def test_what_moved_is_named_and_nothing_else(make_results: Make) -> None:
    """Only pipelines with that reader became better, those that lacked much beyond noise; and no latency changed."""
    before = make_results()
    compared = compare_studies(before, changed(before, better, only="passages=1"))
    moved = [change for split in QuestionSet for change in compared.changes[split] if change.moved]
    assert {change.measure for change in moved} == {"answer_f1"}
    named = {change.pipeline for change in moved}
    assert len(named) >= 10 and all("passages=1" in pipeline for pipeline in named)
    assert all((change.difference.value or 0) > 0 and change.after == 1.0 for change in moved)


def test_latencies_move_with_the_host(make_results: Make) -> None:
    """Half as much time again: a ratio of 1.5, and figures that are what each study says."""
    before = make_results()
    compared = compare_studies(before, changed(before, slower))
    shift = next(each for each in compared.shifts if (each.measure, each.question_set) == ("latency_p95", EXPLORE))
    assert shift.ratio == pytest.approx(1.5)
    assert (shift.rose, shift.fell) == (45, 0)
    figures = {point.evaluation.pipeline: point.figures["latency_p95"] for point in compared.concluded[0].points}
    for change in compared.changes[EXPLORE]:
        if change.measure == "latency_p95":
            assert change.before == figures[change.pipeline]


def test_differences_are_those_of_each_pair_with_what_is_left_of_the_error(
    make_results: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half for each split, shared by figures and pipelines; blocks change nothing. Against pairs one by one."""
    monkeypatch.setattr(comparing, "COMPARED_AT_ONCE", 7)
    before = make_results()
    after = changed(before, better, only="keep=5")
    compared = compare_studies(before, after)
    own = [change for change in compared.changes[EXPLORE] if change.measure == "answer_f1"]
    for change, old, new in zip(own, before.explored, after.explored, strict=True):
        naive = paired_difference(new.scores["answer_f1"], old.scores["answer_f1"])
        assert change.difference.value == naive.value
        assert (change.difference.low or 0) <= (naive.low or 0) and (change.difference.high or 0) >= (naive.high or 0)


def test_noise_is_seldom_called_a_change(make_results: Make) -> None:
    """A second sample of the same answers: in 8 comparisons of 12 pipelines, hardly any names one."""
    named = 0
    for seed in range(8):
        before, after = (
            tuple(
                evaluation(
                    EXPLORE, f"bm25(top_k={row}) >> reader()", 0.5, {"retrieve": 3.0}, 1000 * time + 12 * seed + row
                )
                for row in range(12)
            )
            for time in (1, 2)
        )
        compared = compare_studies(*(replace(make_results(), explored=each, confirmed=()) for each in (before, after)))
        named += any(change.moved for change in compared.changes[EXPLORE] if change.measure == "answer_f1")
    assert named <= 1


def test_only_common_questions_count(make_results: Make) -> None:
    """A question that only one study asked changes no figure."""
    keys = tuple(f"q{place}" for place in range(120))
    before = make_results(confirm=False)
    turned = [replace(each, scores={"answer_f1": each.scores["answer_f1"][::-1]}) for each in before.explored]
    after = replace(before, explored=tuple(turned))
    old, new = (
        replace(each, provenance=replace(each.provenance, question_keys={EXPLORE: order}))
        for each, order in ((before, keys), (after, (*keys[:9:-1], *"abcdefghij")))
    )
    compared = compare_studies(old, new)
    assert compared.questions[EXPLORE] == 110
    scores = [change for change in compared.changes[EXPLORE] if change.measure == "answer_f1"]
    assert {change.difference.n for change in scores} == {110}
    assert not any(change.difference.value for change in scores)
    known = before.explored[0].scores["answer_f1"][10:]
    assert scores[0].before == pytest.approx(float(np.mean([value or 0.0 for value in known])))


def test_other_data_are_not_compared(make_results: Make) -> None:
    """Nothing is paired that is not known to be the same; the recommendations stand side by side."""
    before = make_results()
    after = replace(before, provenance=replace(before.provenance, data_key="another"))
    compared = compare_studies(before, after)
    assert compared.questions == {EXPLORE: 0, CONFIRM: 0}
    assert not any(compared.changes.values()) and not compared.shifts
    assert compared.recommendation.same and not compared.recommendation.figures


def test_the_recommended_pipelines_are_compared_with_each_other(make_results: Make) -> None:
    """On the confirm questions that both studies asked; what differs between them is told."""
    before = make_results()
    first = conclude(before).recommended
    assert first is not None
    compared = compare_studies(before, changed(before, wrong, only=first.evaluation.pipeline))
    change = compared.recommendation
    assert change.before is not None and change.after is not None and not change.same
    assert change.settings
    figure = next(each for each in change.figures if each.measure == "answer_f1")
    assert (figure.was, figure.question_set) == (first.evaluation.pipeline, CONFIRM)
    assert figure.before == first.estimates["answer_f1"].value
    assert figure.after == change.after.estimates["answer_f1"].value


def test_a_failure_is_a_change_without_end(make_results: Make) -> None:
    """It is infinitely slow, so that its latency after is infinite; its score is 0 there."""
    before = make_results(confirm=False)

    def failing(each: Evaluation) -> Evaluation:
        seconds = {stage: (None,) * len(row) for stage, row in each.seconds.items()}
        return replace(each, seconds=seconds, failures={0: "no key"})

    compared = compare_studies(before, changed(before, failing, only="top_k=20"))
    slow = [change for change in compared.changes[EXPLORE] if change.measure == "latency_p95" and change.moved]
    assert {"top_k=20" in change.pipeline for change in slow} == {True}
    assert {change.after for change in slow} == {math.inf}
