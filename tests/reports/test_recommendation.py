"""The answer in sentences."""

from collections.abc import Callable
from dataclasses import replace

from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.results import Results
from tradespace.reports.recommendation import Verdict, recommendation
from tradespace.search_space.goals import Goals, Objective, ServiceLevel

Make = Callable[..., Results]


def test_recommendation_quotes_confirmed_figures(make_results: Make) -> None:
    """The headline gives accuracy, latency and bound; the notes how many questions, and that no decision saw them."""
    results: Results = make_results()
    conclusion = conclude(results)
    recommended = recommendation(conclusion)
    assert conclusion.recommended is not None
    accuracy = conclusion.recommended.estimates["answer_f1"]
    assert recommended.verdict is Verdict.CONFIRMED
    assert recommended.pipeline == conclusion.recommended.evaluation.pipeline
    assert f"answer F1 {accuracy.value:.3f} ({accuracy.low:.3f}–{accuracy.high:.3f})" in recommended.headline
    assert recommended.headline.endswith("within the SLA of 100 ms.")
    assert (
        "Accuracy on 120 held-out questions; latency of one question at a time, measured end to end, on 80"
        in recommended.notes[0]
    )


def test_unconfirmed_recommendation_says_so(make_results: Make) -> None:
    """Before confirmation the answer warns that the figures come from the questions that chose the pipeline."""
    recommended = recommendation(conclude(make_results(confirm=False)))
    assert recommended.verdict is Verdict.UNCONFIRMED
    assert recommended.notes[0].startswith("Not confirmed:")
    assert "latency of one question at a time, predicted from separately timed stages" in recommended.notes[0]


def test_missed_service_level_names_the_nearest(make_results: Make) -> None:
    """Where nothing keeps the bound the headline says so first, then how near the nearest comes."""
    recommended = recommendation(conclude(make_results(sla=ServiceLevel("latency_p95", 0.010))))
    assert recommended.verdict is Verdict.MISSED
    assert recommended.headline.startswith(
        "No pipeline keeps the SLA of 10 ms. The nearest has a 95th-percentile latency of "
    )
    assert recommended.pipeline is not None


def test_without_service_level_no_bound_is_spoken_of(make_results: Make) -> None:
    """Without a service level the most accurate is recommended and no bound appears."""
    recommended = recommendation(conclude(make_results(sla=None)))
    assert "SLA" not in recommended.headline
    assert not any("bound" in note for note in recommended.notes)


def test_a_latency_that_nobody_knows_is_not_quoted(make_results: Make) -> None:
    """Where no call has its seconds and none failed, as with recorded calls that hold none."""
    results = make_results(sla=None)
    untimed = [
        replace(evaluation, seconds={"generate": (None, None)}, end_to_end=(), failures={})
        for evaluation in results.confirmed
    ]
    recommended = recommendation(conclude(replace(results, confirmed=tuple(untimed))))
    assert recommended.headline.endswith("; its latency is unknown.")
    assert "latency" not in recommended.notes[0]


def test_nothing_evaluated(make_results: Make) -> None:
    """An empty study says that nothing was evaluated."""
    recommended = recommendation(conclude(replace(make_results(), explored=(), confirmed=())))
    assert (recommended.verdict, recommended.headline) == (Verdict.NOTHING, "No pipeline has been evaluated yet.")


def test_too_few_questions_are_pointed_out(make_results: Make) -> None:
    """Where too few questions decide about the SLA, the answer warns."""
    results: Results = make_results()
    short = tuple(replace(evaluation, end_to_end=evaluation.end_to_end[:20]) for evaluation in results.confirmed)
    short = tuple(replace(e, seconds={stage: row[:20] for stage, row in e.seconds.items()}) for e in short)
    notes = recommendation(conclude(replace(results, confirmed=short))).notes
    assert any("can't be decided with 20 questions, of which" in note for note in notes)


def test_better_unconfirmed_pipeline_is_pointed_out(make_results: Make) -> None:
    """Asked under another bound, the answer names a clearly better pipeline that was never confirmed."""
    results = make_results()
    only = replace(results, confirmed=results.confirmed[:1])
    conclusion = conclude(only)
    assert conclusion.unconfirmed is not None
    assert any(conclusion.unconfirmed.pipeline in note for note in recommendation(conclusion).notes)


def test_what_was_weighed_between_the_tied_is_said(make_results: Make) -> None:
    """The other objectives that are scores in their order, then cost and latency."""
    results = make_results()
    objectives = (*results.goals.objectives, Objective("gold_recall@5", True))
    same = {**results.confirmed[0].scores, "gold_recall@5": (1.0, 0.0) * 60}
    confirmed = tuple(replace(evaluation, scores=same) for evaluation in results.confirmed)
    notes = recommendation(
        conclude(replace(results, goals=Goals(objectives, results.goals.sla), confirmed=confirmed))
    ).notes
    (tie,) = (note for note in notes if "can't be told apart" in note)
    assert tie.endswith("by gold recall@5, then cost per 1,000 questions, then 95th-percentile latency.")


def test_failures_of_the_recommended_pipeline_are_pointed_out(make_results: Make) -> None:
    """A few failed questions do not rule it out, and are not passed over."""
    results = make_results(sla=None)
    failures = {3: "generate: no answer after 30 s", 7: "generate: no answer after 31 s"}
    confirmed = tuple(replace(evaluation, failures=failures) for evaluation in results.confirmed)
    notes = recommendation(conclude(replace(results, confirmed=confirmed))).notes
    (failed_note,) = (note for note in notes if note.startswith("It failed on 2 questions: wrong and infinitely slow"))
    assert failed_note.endswith("Most often: generate: no answer after 30 s")
