"""The tail of each finalist is shown with its intervals, and what the latencies rest on is said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.reports.conftest import SLA, Make
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.results import Conditions, Results
from tradespace.reports.info import pipeline_numbers
from tradespace.reports.latency import timing_info, timing_sentences
from tradespace.reports.section import findings_of
from tradespace.reports.sections.latencies import latencies_section, latency_table
from tradespace.reports.table import pipelines_table
from tradespace.reports.words import duration

MODELLED = Conditions(predicted=("generate",), median_error=0.06, p95_error=0.21)


def with_conditions(results: Results, conditions: Conditions, *, end_to_end: bool = True) -> Results:
    """The same results, timed otherwise."""
    explored = tuple(replace(one, conditions=conditions) for one in results.explored)
    confirmed = (
        replace(one, conditions=conditions, end_to_end=one.end_to_end if end_to_end else ())
        for one in results.confirmed
    )
    return replace(results, explored=explored, confirmed=tuple(confirmed))


def test_every_finalist_has_four_quantiles_with_intervals(make_results: Make) -> None:
    """Of the seconds that were measured end to end."""
    results = make_results()
    conclusion = conclude(results)
    table = latency_table(findings_of(results))
    assert table.columns[3:7] == ("p50 latency", "p90 latency", "p95 latency", "p99 latency")
    for finalist, row in zip(conclusion.finalists, table.rows, strict=True):
        for cell, share in zip(row.cells[3:7], (50, 90, 95, 99), strict=True):
            seconds = [one or 0.0 for one in finalist.evaluation.end_to_end]
            assert cell.order == np.percentile(seconds, share, method="inverted_cdf")
            assert "–" in cell.text


def test_the_share_over_the_service_level_is_counted(make_results: Make) -> None:
    """By hand, with an interval; without a service level there is no such column."""
    results = make_results()
    conclusion = conclude(results)
    table = latency_table(findings_of(results))
    assert table.columns[-2:] == ("over 100 ms", "SLA")
    for finalist, row in zip(conclusion.finalists, table.rows, strict=True):
        late = [(one or 0.0) > SLA.seconds for one in finalist.evaluation.end_to_end]
        assert row.cells[-2].order == pytest.approx(sum(late) / len(late))
        assert row.cells[-1].text == str(finalist.verdict)
    assert {row.cells[-1].text for row in table.rows} <= {"kept", "missed", "undecided"}
    without = make_results(sla=None)
    assert latency_table(findings_of(without)).columns[-1] == "p99 latency"


def test_a_question_that_failed_is_over_the_service_level(make_results: Make) -> None:
    """It never ends, so that it is in every tail."""
    results = make_results()
    failed = tuple(replace(one, end_to_end=(None, *one.end_to_end[1:])) for one in results.confirmed)
    table = latency_table(findings_of(replace(results, confirmed=failed)))
    assert all("∞" in row.cells[6].text for row in table.rows)
    assert all(float(row.cells[-2].order or 0) > 0 for row in table.rows)


def test_latency_from_a_fitted_model_is_marked(make_results: Make) -> None:
    """In every table, and with how far the model is off."""
    results = with_conditions(make_results(), MODELLED, end_to_end=False)
    conclusion, numbers = conclude(results), pipeline_numbers(results)
    assert {row.cells[2].text for row in latency_table(findings_of(results)).rows} == {"confirm, modelled"}
    assert {row.cells[3].text for row in pipelines_table(conclusion, numbers).rows} == {
        "confirm, modelled",
        "explore, modelled",
    }
    (sentence,) = timing_sentences(timing_info(results))
    assert "generate is modelled" in sentence
    assert "6% in the median, and by 21% at" in sentence


def test_disturbed_runs_are_counted(make_results: Make) -> None:
    """As shares of the runs, and of the seconds that rest on nothing else."""
    results = with_conditions(
        make_results(confirm=False), Conditions(samples=480, disturbed=48, unsettled=24, drift=1.2)
    )
    info = timing_info(results)
    assert (info.disturbed, info.unsettled, info.drift) == (pytest.approx(0.1), pytest.approx(0.1), 1.2)
    (sentence,) = timing_sentences(info)
    assert "1.20 times slower than when quiet" in sentence
    assert "10.0% of the runs were disturbed" in sentence


def test_nothing_is_said_of_timings_that_are_not_known(make_results: Make) -> None:
    """An older study has no conditions."""
    assert timing_sentences(timing_info(make_results())) == ()


@pytest.mark.parametrize(
    ("concurrency", "said"),
    [(None, "was not recorded"), (1, "one at a time"), (16, "with up to 16 of them under way at one server")],
)
def test_the_load_of_calls_that_were_timed_as_they_were_made_is_said(
    make_results: Make, concurrency: int | None, said: str
) -> None:
    """A figure that holds under a load says which."""
    conditions = Conditions(as_made=("generate",), concurrency=concurrency)
    (sentence,) = timing_sentences(timing_info(with_conditions(make_results(), conditions)))
    assert "generate" in sentence
    assert said in sentence


def test_first_tokens_are_shown_where_texts_were_streamed(make_results: Make) -> None:
    """In a column of their own, and in a sentence; of whole replies nothing is said."""
    whole, streamed = make_results(), with_conditions(make_results(), Conditions(streamed=40, first_token=0.0625))
    table = latency_table(findings_of(streamed))
    assert table.columns[-1] == "first token of a call"
    assert {(row.cells[-1].text, row.cells[-1].order) for row in table.rows} == {("62.5 ms", 0.0625)}
    (sentence,) = timing_sentences(timing_info(streamed))
    assert "the first token of a call came after 62.5 ms" in sentence
    assert "first token of a call" not in latency_table(findings_of(whole)).columns


def test_servers_that_were_timed_apart_are_told_with_what_their_caches_may_have_done(make_results: Make) -> None:
    """A cache that never helped needs no share."""
    clean = timing_sentences(timing_info(with_conditions(make_results(), Conditions(served=40))))
    helped = timing_sentences(timing_info(with_conditions(make_results(), Conditions(served=40, cached=10))))
    assert "one at a time" in clean[0] and "%" not in clean[0]
    assert "In 25.0% of the runs" in helped[0]


def test_the_answer_quotes_the_recommended_pipeline(make_results: Make) -> None:
    """Its median and its tail, on the questions that it is judged by."""
    findings = findings_of(make_results())
    section, chosen = latencies_section(findings), findings.conclusion.recommended
    assert section and chosen
    p50, p99 = (
        np.percentile([one or 0.0 for one in chosen.evaluation.end_to_end], share, method="inverted_cdf")
        for share in (50, 99)
    )
    assert section.sentences == (
        f"The recommended pipeline answers half of the questions within {duration(p50)}, and 99 % of them within "
        f"{duration(p99)}.",
    )
