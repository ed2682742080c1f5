"""What was not tried is said, with why."""

from __future__ import annotations

from dataclasses import replace

from tests.reports.conftest import Make
from tradespace.explorer.results import Dropped, SearchAccount
from tradespace.reports.section import findings_of
from tradespace.reports.sections.searched import search_sentences, searched_section

ACCOUNT = SearchAccount(
    candidates=210,
    whole_space=True,
    classes=87,
    missing_sla=23,
    raced_out=12,
    complete=11,
    failed=1,
    open=40,
    questions=150,
    dropped=(Dropped("a", "b", 50),),
    alike={"a": ("b", "c", "d", "e"), "f": ("g",)},
    ending="done: at 95% nothing in the rest of the space improves the frontier by more than 1 point",
)


def test_everything_that_was_considered_is_accounted_for() -> None:
    """Twins, those that miss the service level, those that were dropped and those that were left."""
    considered, asked, ending = search_sentences(ACCOUNT)
    assert considered.startswith(
        "210 pipelines were considered; 123 of them do the same work as another or answer alike"
    )
    assert asked == (
        "Of the 87 that are left, 11 were evaluated on all 150 questions; "
        "23 were foretold to miss a bound, and given no dear call; "
        "12 were dropped on the way, as another was shown to be at least as good; "
        "1 was given up after failures; "
        "40 were not worth the price of evaluating them further."
    )
    assert ending.startswith("Done: at 95% nothing in the rest")


def test_a_drawn_pool_is_no_whole_space() -> None:
    """Where a space is too large to consider all of it, that is said."""
    (considered, *_) = search_sentences(replace(ACCOUNT, whole_space=False, classes=210))
    assert considered == "210 pipelines that were drawn from the space were considered."


def test_what_a_budget_left_over_was_not_judged() -> None:
    """Only a search that ended by itself knows what is not worth its price."""
    *_, asked = search_sentences(replace(ACCOUNT, ending=""))
    assert asked.endswith("40 were left when the search ended.")


def test_a_strategy_without_an_account_says_nothing(make_results: Make) -> None:
    """The grid tries everything."""
    assert search_sentences(None) == ()
    assert searched_section(findings_of(make_results())) is None


def test_classes_and_dropped_pipelines_are_named(make_results: Make) -> None:
    """A few by name, the others by their number."""
    results = make_results()
    section = searched_section(findings_of(replace(results, provenance=replace(results.provenance, search=ACCOUNT))))
    assert section and section.sentences == search_sentences(ACCOUNT)
    alike, dropped = ([[cell.text for cell in row.cells] for row in table.rows] for table in section.tables)
    assert alike == [["a", "b, c, d and 1 more"], ["f", "g"]]
    assert dropped == [["a", "50 questions", "b"]]
    assert [table.left_out for table in section.tables] == [0, 11]
