"""Two studies in words and tables."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.explorer.conclusions.test_comparing import better, changed, slower, wrong
from tests.reports.conftest import Make
from tradespace.explorer.conclusions.comparing import StudyComparison, compare_studies
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.results import Results
from tradespace.reports.change_columns import change_columns
from tradespace.reports.comparison import comparison_screen, comparison_sections


def told(compared: StudyComparison) -> str:
    """All sentences."""
    first, sections = comparison_screen(compared), comparison_sections(compared)
    words = (first.question, first.headline, *first.notices, *first.ties)
    return " ".join([*words, *(sentence for section in sections for sentence in (*section.sentences, *section.notes))])


def on_host(results: Results, host: str) -> Results:
    return replace(results, provenance=replace(results.provenance, host=host))


def test_nothing_moved(make_results: Make) -> None:
    """The same pipeline is recommended, and each figure says so."""
    words = told(compare_studies(make_results(), make_results()))
    assert "The same pipeline is recommended." in words
    assert "Answer F1: none of 12 pipelines moved beyond noise" in words
    assert "The data are the same. Questions in common: 120 to explore, 120 to confirm." in words


def test_another_host_moves_latencies(make_results: Make) -> None:
    """Hosts are named, and how many times as long it takes."""
    before = make_results()
    words = told(compare_studies(before, on_host(changed(before, slower), "2 cores")))
    assert "Latencies are of other hosts: 4 cores before, 2 cores after." in words
    assert "95th-percentile latency rose for 12 of 12 pipelines" in words
    assert "In the median it is 1.50 times what it was." in words


def test_another_recommendation_is_compared_with_the_one_before(make_results: Make) -> None:
    """What differs between them, by how much, and on which questions."""
    before = make_results()
    chosen = conclude(before).recommended
    assert chosen is not None
    compared = compare_studies(before, changed(before, wrong, only=chosen.evaluation.pipeline))
    words = told(compared)
    assert "Another pipeline is recommended" in words
    assert "120 questions that both studies asked" in words
    assert "What differs: " in words and " → " in words
    assert f"Before: Use this pipeline: answer F1 {chosen.estimates['answer_f1'].value:.3f}" in words


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (lambda results: replace(results, explored=(), confirmed=()), "The studies have no pipeline in common"),
        (
            lambda results: replace(results, provenance=replace(results.provenance, data_key="f" * 64)),
            "The data differ (keys: 0123456789ab before, ffffffffffff after); no question is known to be the same.",
        ),
    ],
    ids=["no pipeline", "other data"],
)
def test_what_cannot_be_compared_is_told(make_results: Make, other: object, said: str) -> None:
    """Before anything else; no figure is shown as a change."""
    before = make_results()
    compared = compare_studies(before, other(before))  # type: ignore[operator]
    assert said in told(compared)
    assert change_columns(compared).rows == ()


def test_the_columns_of_a_comparison_are_a_contract(make_results: Make) -> None:
    """A row for each figure of each pipeline, and no infinity."""
    before = make_results()
    table = change_columns(compare_studies(before, changed(before, better, only="passages=1")))
    assert table.names == (
        *("pipeline", "was", "figure", "question_set", "questions", "before", "after"),
        *("difference", "difference_low", "difference_high", "moved"),
    )
    assert len(table.rows) == 3 * (45 + 12)
    moved = [row for row in table.records if row["moved"]]
    assert moved and {row["figure"] for row in moved} == {"answer_f1"}


def test_pipelines_of_one_study_alone_are_listed(make_results: Make) -> None:
    """Folded: few readers open them."""
    before = make_results()
    compared = compare_studies(before, replace(before, explored=before.explored[5:]))
    section = next(each for each in comparison_sections(compared) if each.name == "only-before")
    assert section.folded and section.sentences == ("5 pipelines of the study before; 40 are in both.",)
    assert [row.cells[0].text for row in section.tables[0].rows] == [each.pipeline for each in before.explored[:5]]


def test_a_study_that_was_cut_short_says_so(make_results: Make) -> None:
    """Its figures are of what was known by then."""
    before = make_results()
    after = replace(before, provenance=replace(before.provenance, interrupted=True))
    assert "The study after is not finished" in told(compare_studies(before, after))


def test_what_else_differs_is_a_table(make_results: Make) -> None:
    """Versions, goals and sizes, so that a change is laid to the right door."""
    before = make_results()
    after = replace(before, provenance=replace(before.provenance, versions={"python": "3.13"}))
    section = next(each for each in comparison_sections(compare_studies(before, after)) if each.name == "differences")
    rows = [tuple(cell.text for cell in row.cells) for row in section.tables[0].rows]
    assert rows == [("python", "3.11.2", "3.13"), ("numpy", "2.4.6", "none")]
