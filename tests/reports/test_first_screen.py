"""The first screen: what was asked, what to run, and what to do next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.results import Evaluation, Results
from tradespace.reports.first_screen import FirstScreen, first_screen, question_in_words
from tradespace.reports.info import pipeline_numbers
from tradespace.reports.recommendation import Verdict
from tradespace.reports.section import Findings
from tradespace.reports.splits import split_sentence
from tradespace.search_space.bounds import Bound
from tradespace.search_space.goals import Goals, Objective, ServiceLevel
from tradespace.search_space.utility import Utility

Make = Callable[..., Results]
F1, P95 = Objective("answer_f1", True), Objective("latency_p95", False)
SLA = ServiceLevel("latency_p95", 0.1)


def screen(results: Results, folder: Path | str | None = None) -> FirstScreen:
    """The first screen of some results."""
    return first_screen(Findings(results, conclude(results), pipeline_numbers(results)), folder)


@pytest.mark.parametrize(
    ("goals", "asked"),
    [
        (
            Goals((F1, P95), SLA),
            "Which pipeline, within the SLA of 100 ms, has the highest answer F1, and of equals the lowest "
            "95th-percentile latency?",
        ),
        (Goals((F1,)), "Which pipeline has the highest answer F1?"),
        (
            Goals((F1, P95), recommend=False),
            "Which pipelines does no other beat in answer F1 and 95th-percentile latency?",
        ),
        (
            Goals((P95,), limits=(Bound("answer_f1", 0.6, floor=True),)),
            "Which pipeline, keeping answer_f1 >= 0.6, has the lowest 95th-percentile latency?",
        ),
    ],
)
def test_the_question_is_what_the_goals_say(make_results: Make, goals: Goals, asked: str) -> None:
    """With bounds and further objectives, and also where no recommendation is wanted."""
    assert question_in_words(conclude(make_results(sla=None).under(goals))) == asked


def test_it_is_all_about_the_recommended_pipeline(make_results: Make) -> None:
    """Number, notation, tiles and split are of the one that the headline recommends."""
    results = make_results()
    conclusion = conclude(results)
    assert conclusion.recommended and conclusion.split and conclusion.split.own
    name = conclusion.recommended.evaluation.pipeline
    shown = screen(results)
    assert shown.verdict is Verdict.CONFIRMED
    assert shown.pipeline and shown.pipeline.notation == name
    assert shown.pipeline.number == pipeline_numbers(results)[name]
    assert [tile.measure for tile in shown.tiles] == ["answer_f1", "latency_p95", "usd_per_1k"]
    accuracy, latency, _ = shown.tiles
    assert (accuracy.value in shown.headline, latency.value in shown.headline) == (True, True)
    assert accuracy.basis == "confirmed on 120 questions"
    assert latency.basis == "confirmed on 80 questions, measured end to end"
    assert shown.split == split_sentence(conclusion) != ""
    assert conclusion.split.own.pipeline == name


def test_ties_are_told_once_and_by_number(make_results: Make) -> None:
    """With how one was chosen among them; the notes do not tell it again."""
    results = make_results()
    conclusion, numbers = conclude(results), pipeline_numbers(results)
    others = [each.evaluation.pipeline for each in conclusion.tied if each is not conclusion.recommended]
    assert others
    shown = screen(results)
    assert all(f"#{numbers[other]}" in shown.ties[0] for other in others[:5])
    assert "can't be told apart from it in answer F1" in shown.ties[0]
    assert not any("can't be told apart" in note or note.startswith("Tied") for note in shown.notes)


def test_what_faster_and_better_take_is_told_with_figures(make_results: Make) -> None:
    """The pipeline by its number, what it takes instead of what, and what it gains or loses with its interval."""
    results = make_results()
    shown, numbers = screen(results), pipeline_numbers(results)
    assert shown.faster and shown.better
    assert (shown.faster.title, shown.better.title) == ("Faster?", "More accurate?")
    for other, gained in ((shown.faster, "less answer F1"), (shown.better, "more answer F1")):
        assert numbers[other.pipeline.notation] == other.pipeline.number
        assert other.sentence.startswith(f"#{other.pipeline.number} has a 95th-percentile latency of ")
        assert (" instead of " in other.sentence, gained in other.sentence) == (True, True)
        assert other.sentence.endswith((" on the explore questions.", " on the confirm questions."))


def test_that_nothing_is_faster_or_better_is_told_too(make_results: Make) -> None:
    """Of a study of one pipeline."""
    results = make_results(confirm=False)
    alone = screen(replace(results, explored=results.explored[:1]))
    assert (alone.faster, alone.better) == (None, None)
    assert alone.ties == (
        "No pipeline of the frontier is a tenth faster.",
        "No pipeline that was tried has a better answer F1, beyond noise.",
    )


def test_what_to_do_next_is_two_lines_to_copy(make_results: Make) -> None:
    """For the study's folder, as a shell needs it, or any study where that is not known."""
    results = make_results()
    assert screen(results).commands == ("tradespace serve STUDY", "tradespace export STUDY --format python")
    assert screen(results, Path("my studies/one")).commands[0] == "tradespace serve 'my studies/one'"


def test_a_table_and_a_recording_cannot_be_served(make_results: Make) -> None:
    """They answer no new question."""
    results = make_results()
    table = replace(results, provenance=replace(results.provenance, table="grid.csv"))
    assert (screen(table).commands, screen(make_results(retriever="replay")).commands) == ((), ())


def test_figures_that_are_not_confirmed_say_so(make_results: Make) -> None:
    """In every tile, and in the verdict."""
    shown = screen(make_results(confirm=False))
    assert shown.verdict is Verdict.UNCONFIRMED
    assert all(tile.basis.startswith("not confirmed, on ") for tile in shown.tiles)


def test_a_missed_bound_shows_the_nearest(make_results: Make) -> None:
    """With its figures, and nothing to serve."""
    shown = screen(make_results(sla=ServiceLevel("latency_p95", 0.002)))
    assert shown.verdict is Verdict.MISSED
    assert shown.pipeline and shown.tiles and not shown.commands
    assert (shown.faster, shown.better, shown.ties) == (None, None, ())


def test_a_study_without_a_bound_has_no_split(make_results: Make) -> None:
    """All else is there."""
    shown = screen(make_results(sla=None))
    assert (shown.split, shown.verdict) == ("", Verdict.CONFIRMED)
    assert shown.pipeline and shown.tiles and shown.commands


def test_a_study_without_any_evaluation_has_a_first_screen(make_results: Make) -> None:
    """It says so, and what was asked."""
    shown = screen(replace(make_results(), explored=(), confirmed=()))
    assert (shown.verdict, shown.headline) == (Verdict.NOTHING, "No pipeline has been evaluated yet.")
    assert shown.question and not (shown.pipeline or shown.tiles or shown.ties or shown.commands)


def test_that_it_was_cut_short_stands_first(make_results: Make) -> None:
    """By a model that does not answer, or by who explores."""
    results = make_results()
    stopped = replace(results.provenance, stopped="the model does not answer", interrupted=True)
    assert screen(replace(results, provenance=stopped)).notices == (
        "The exploration was stopped: the model does not answer.",
    )
    interrupted = replace(results.provenance, interrupted=True)
    assert screen(replace(results, provenance=interrupted)).notices == (
        "The exploration was interrupted: these are the results so far.",
    )


def test_a_utility_is_asked_for_and_compared_by(make_results: Make) -> None:
    """What others gain is told in it."""
    utility = Utility("answer_f1 - 2 * latency_p95")
    goals = Goals((F1, P95), SLA, utility=utility)
    shown = screen(make_results().under(goals))
    assert shown.question == "Which pipeline, within the SLA of 100 ms, is worth most by answer_f1 - 2 * latency_p95?"
    assert "utility" in " ".join([*shown.ties, shown.faster.sentence if shown.faster else ""])


def test_without_seconds_what_is_cheaper_is_told(make_results: Make) -> None:
    """As of recorded calls that hold dollars alone."""
    results = make_results(sla=None)

    def untimed(evaluation: Evaluation, place: int) -> Evaluation:
        price = (0.0001 * (1 + place % 7),) * len(evaluation.scores["answer_f1"])
        return replace(evaluation, seconds={}, end_to_end=(), metered={"usd": price})

    explored = tuple(untimed(each, place) for place, each in enumerate(results.explored))
    prices = {each.pipeline: each.metered for each in explored}
    confirmed = tuple(
        replace(each, seconds={}, end_to_end=(), metered=prices[each.pipeline]) for each in results.confirmed
    )
    goals = Goals((F1, Objective("usd_per_1k", False)))
    shown = screen(replace(results, explored=explored, confirmed=confirmed, goals=goals))
    assert [tile.measure for tile in shown.tiles] == ["answer_f1", "usd_per_1k"]
    told = [each for each in (shown.faster, shown.better) if each]
    assert told and all("cost per 1,000 questions" in each.sentence and "latency" not in each.sentence for each in told)
