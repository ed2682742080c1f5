"""What is seen first, and how the rest is reached."""

from __future__ import annotations

import pytest

from tests.reports.template.conftest import Open
from tradespace.reports import page as assembling
from tradespace.reports.section import FailedSection

pytestmark = pytest.mark.browser


def test_what_to_do_needs_no_scrolling(open_report: Open) -> None:
    """Question, answer, pipeline, figures, alternatives and the lines to copy end above the fold of 1280 × 900."""
    page = open_report()
    seen = page.locator(".first > *:not(.notes)")
    assert seen.count() >= 5
    for kind in ("h1", ".chosen", ".tiles", ".commands"):
        assert page.locator(f".first {kind}").count() == 1
    ends = [box["y"] + box["height"] for each in seen.all() if (box := each.bounding_box())]
    assert max(ends) <= 900


def test_tiles_say_what_a_figure_is_of(open_report: Open) -> None:
    """Each has a name, a value, an interval, and the questions that it rests on."""
    tile = open_report().locator(".tile").first
    assert tile.locator("dt").inner_text() == "answer F1"
    assert "–" in tile.locator("dd span").inner_text()
    assert "120" in tile.locator("small").inner_text()


def test_lines_are_copied(open_report: Open) -> None:
    """The button beside a command says that it was copied, or selected where a browser does not allow more."""
    page = open_report()
    button = page.get_by_role("button", name="Copy command 1")
    button.click()
    page.locator("#said:not(:empty)").wait_for(state="attached")
    assert page.locator("#said").inner_text() in {"Copied.", "Selected: copy it with your keyboard."}


def test_every_section_is_reached_from_the_navigation(open_report: Open) -> None:
    """Its links are the sections, in order; choosing one scrolls to it."""
    page = open_report(reduced_motion="reduce")
    links = page.get_by_role("navigation", name="Sections").get_by_role("link")
    sections = page.locator("#sections > section").evaluate_all("all => all.map(each => each.id)")
    assert [f"#{name}" for name in sections] == links.evaluate_all("all => all.map(each => each.hash)")
    links.last.click()
    assert page.locator(f"#{sections[-1]} h2").is_visible()
    assert page.evaluate("scrollY") > 900


def test_a_section_that_fails_is_a_card(open_report: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says why; all other sections are there, and the navigation leads to it as well."""
    from tests.reports.conftest import generated_results

    made = assembling.made_sections
    failed = FailedSection("broken", "Broken things", "ValueError: <b>no</b> figures")
    monkeypatch.setattr(assembling, "made_sections", lambda findings: (failed, *made(findings)))
    page = open_report(generated_results())
    assert "ValueError: <b>no</b> figures" in page.locator("#broken .notice").inner_text()
    assert page.locator("#frontier .plot .main-svg").count() > 0
    assert page.locator("nav a[href='#broken']").count() == 1
