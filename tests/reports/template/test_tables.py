"""Tables of the page: sorted, searched, and behind every figure."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Page

from tests.reports.conftest import generated_results
from tests.reports.template.conftest import Open

pytestmark = pytest.mark.browser
TABLE = "#pipelines-table"


def column(page: Page, number: int) -> list[str]:
    """The texts of a column of the table of pipelines, of those rows that are shown."""
    return page.locator(f"{TABLE} tbody tr:visible td:nth-child({number})").all_inner_texts()


def test_a_click_sorts(open_report: Open) -> None:
    """By number, a second one the other way round, and says so to assistive technology."""
    page = open_report()
    head = page.locator(f"{TABLE} th").nth(0)
    head.get_by_role("button").click()
    assert column(page, 1) == [f"#{number}" for number in range(1, 46)]
    assert head.get_attribute("aria-sort") == "ascending"
    head.get_by_role("button").click()
    assert column(page, 1) == [f"#{number}" for number in range(45, 0, -1)]
    assert head.get_attribute("aria-sort") == "descending"


def test_gaps_stay_last_either_way(open_report: Open) -> None:
    """Enter on a column's button sorts, too; a pipeline without a latency is last in both directions."""
    results = generated_results(confirm=False)
    page = open_report(replace(results, explored=(replace(results.explored[0], seconds={}), *results.explored[1:])))
    button = page.locator(TABLE).get_by_role("button", name="p95 latency")
    for direction in ("ascending", "descending"):
        button.focus()
        page.keyboard.press("Enter")
        assert page.locator(f"{TABLE} th[aria-sort={direction}]").count() == 1
        assert column(page, 6)[-1] == "not known"


def test_rows_are_found_by_the_whole_notation(open_report: Open) -> None:
    """Typing keeps rows with the text, even where it is shortened away; a box keeps the best; the count follows."""
    page = open_report()
    controls = page.locator(f".table:has({TABLE}) .filters")
    find = controls.get_by_label("Find")
    find.fill("top_k=20")
    assert len(column(page, 1)) == 9
    assert controls.locator("output").inner_text() == "9 of 45 shown"
    find.fill("sentences(size=128)")
    assert len(column(page, 1)) == 45
    find.fill("")
    controls.get_by_label("frontier and finalists only").check()
    standings = column(page, 3)
    assert standings and "dominated" not in standings


def test_every_figure_has_its_data_behind_it(open_report: Open) -> None:
    """A table with rows and named columns, folded, which opens."""
    page = open_report()
    figures = page.locator("#sections figure")
    assert figures.count() >= 4
    for figure in figures.all():
        table = figure.locator("table")
        assert table.is_hidden()
        figure.locator("summary").click()
        assert table.is_visible()
        assert table.locator("tbody tr").count() > 0
        assert all(table.locator("th").all_inner_texts())


def test_columns_of_few_texts_are_chosen_from(open_report: Open) -> None:
    """Such as the standing of pipelines; columns of figures offer nothing."""
    page = open_report()
    controls = page.locator(f".table:has({TABLE}) .filters")
    controls.get_by_label("standing").select_option("frontier")
    assert set(column(page, 3)) == {"frontier"}
    controls.get_by_label("standing").select_option("")
    assert len(column(page, 3)) == 45
    assert controls.get_by_label("pipeline").count() == 0
