"""What the answer says of limits, of a utility, and of the frontier alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.reports.conftest import SLA
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.results import Results
from tradespace.reports.bounds import bounds_in_words
from tradespace.reports.info import pipeline_numbers
from tradespace.reports.page import render_report
from tradespace.reports.recommendation import Recommendation, Verdict, recommendation
from tradespace.reports.table import pipelines_table
from tradespace.search_space.bounds import Bound
from tradespace.search_space.goals import Goals
from tradespace.search_space.utility import Utility

Make = Callable[..., Results]
F1 = Bound("answer_f1", 0.6, floor=True)
DOLLARS = Bound("usd_per_1k", 0.2, floor=False)


def under(results: Results, **preferences: object) -> Results:
    """The same results, judged by other preferences."""
    return results.under(replace(results.goals, **preferences))  # type: ignore[arg-type]


def answer(results: Results) -> Recommendation:
    """What is said of them."""
    return recommendation(conclude(results))


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        ({}, "the SLA"),
        ({"sla": SLA}, "the SLA of 100 ms"),
        ({"limits": (F1,)}, "answer_f1 >= 0.6"),
        ({"sla": SLA, "limits": (F1, DOLLARS)}, "the SLA of 100 ms, answer_f1 >= 0.6 and usd_per_1k <= 0.2"),
    ],
)
def test_bounds_are_named_as_they_were_set(bounds: dict[str, object], words: str) -> None:
    """The SLA first, then the limits in their order."""
    assert bounds_in_words(Goals((), **bounds)) == words  # type: ignore[arg-type]


def test_a_recommendation_says_what_it_keeps(make_results: Make) -> None:
    """All bounds, in the headline; and which it might miss on other questions."""
    results = make_results()
    loose, tight = Bound("answer_f1", 0.01, floor=True), conclude(results).best
    assert tight is not None
    near = Bound("answer_f1", round(tight.estimates["answer_f1"].value or 0.0, 4) - 0.001, floor=True)
    assert answer(under(results, limits=(loose,))).headline.endswith("keeping the SLA of 100 ms and answer_f1 >= 0.01.")
    warning = f"On other questions it may miss {near}: its confidence interval reaches beyond."
    assert warning in answer(under(results, limits=(near,))).notes
    assert not any("may miss" in note for note in answer(under(results, limits=(loose,))).notes)


def test_where_nothing_keeps_the_bounds_it_is_said_which_fails_by_how_much(make_results: Make) -> None:
    """Of the nearest each bound that it misses, and how many pipelines keep each."""
    results = under(make_results(), limits=(Bound("answer_f1", 0.999, floor=True), DOLLARS))
    conclusion, said = conclude(results), answer(results)
    nearest = conclusion.nearest
    assert nearest is not None and said.verdict is Verdict.MISSED
    assert said.headline.startswith("No pipeline keeps the SLA of 100 ms, answer_f1 >= 0.999 and usd_per_1k <= 0.2.")
    lacking = 0.999 - (nearest.estimates["answer_f1"].value or 0.0)
    assert f"answer_f1 >= 0.999 by {lacking:.3f}" in said.notes[0]
    within = sum(SLA.bound not in one.missed for one in conclusion.finalists)
    assert within > 1
    counts = f"{within} keep the SLA of 100 ms, 0 keep answer_f1 >= 0.999 and {len(conclusion.finalists)} keep usd_per"
    assert counts in said.notes[1]


def test_a_single_bound_is_not_counted_twice(make_results: Make) -> None:
    """How many keep the only bound is none: the headline says so."""
    said = answer(under(make_results(), sla=None, limits=(Bound("answer_f1", 0.999, floor=True),)))
    assert said.headline.startswith("No pipeline keeps answer_f1 >= 0.999. The nearest has answer F1 ")
    assert not any(note.startswith("Of ") for note in said.notes)


def test_a_utility_is_quoted_and_ties_are_in_it(make_results: Make) -> None:
    """The recommendation's own; a column of the table holds everyone's, best first among equals."""
    results = under(make_results(), utility=Utility("answer_f1 - 2 * latency_p95"))
    conclusion, said = conclude(results), answer(results)
    assert conclusion.recommended is not None
    known = {name: estimate.value for name, estimate in conclusion.recommended.estimates.items()}
    utility = (known["answer_f1"] or 0.0) - 2 * (known["latency_p95"] or 0.0)
    assert f"Its utility, answer_f1 - 2 * latency_p95, is {utility:.3f}." in said.notes
    assert not any("apart from it in answer F1" in note for note in said.notes)
    table = pipelines_table(conclusion, pipeline_numbers(results))
    place = table.columns.index("utility")
    assert table.rows[0].cells[place].text == f"{utility:.3f}"
    dominated = [row.cells[place].order for row in table.rows if row.standing == "dominated"]
    assert dominated == sorted(dominated, reverse=True) and len(dominated) > 1  # type: ignore[type-var]


def test_the_frontier_alone_is_an_answer(make_results: Make) -> None:
    """Nothing is recommended, nothing is wrong, and the page says the same."""
    results = under(make_results(), recommend=False)
    said = answer(results)
    frontier = conclude(results).frontier
    assert (said.verdict, said.pipeline) == (Verdict.FRONTIER, None)
    assert said.headline.startswith(f"The frontier holds {len(frontier)} pipelines, of which ")
    assert said.headline.endswith(" keep the SLA of 100 ms; no recommendation was asked for.")
    assert all(words in render_report(results) for words in ('class="frontier"', "no recommendation was asked for."))
    assert answer(under(results, sla=None)).headline == (
        f"The frontier holds {len(frontier)} pipelines; no recommendation was asked for."
    )
