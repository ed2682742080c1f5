"""The page on screens of two colours and two widths, on paper, and for readers who want nothing to move."""

from __future__ import annotations

from io import BytesIO
from typing import Literal
from unicodedata import normalize

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.reports.conftest import generated_results
from tests.reports.template.conftest import Open

pytestmark = pytest.mark.browser
PAPER = {"width": 718, "height": 1000}
"""What A4 has between usual margins, in CSS pixels."""
OVERFLOWING = """limit => [...document.querySelectorAll('main *')]
    .filter(each => !each.closest('.scroll, pre') && each.getBoundingClientRect().right > limit + 0.5)
    .map(each => each.id || each.className.baseVal || each.className || each.tagName)"""


def test_all_figures_are_drawn(open_report: Open) -> None:
    """Each holds marks: dots, bars and steps; and offers nothing that sends data anywhere."""
    page = open_report()
    assert page.locator("#figure-frontier .scatterlayer .point").count() > 45
    assert page.locator("#figure-milliseconds .barlayer .point").count() >= 9
    assert page.locator("#figure-split-0 .scatterlayer .js-line").count() == 1
    titles = page.locator("#figure-frontier .modebar-btn").evaluate_all("all => all.map(b => b.dataset.title)")
    assert titles == ["Zoom", "Pan", "Reset axes", "Download plot as a PNG"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_figures_follow_the_colour_scheme(open_report: Open, scheme: Literal["light", "dark"]) -> None:
    """In a dark scheme the page is dark and the figures' texts are light, and the other way round."""
    page = open_report(color_scheme=scheme)

    def lightness(colour: str) -> float:
        return sum(int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")) / (3 * 255)

    ground = lightness(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    for text in (".xtick text", ".xtitle", ".annotation-text", ".legendtext"):
        ink = page.locator(f"#figure-frontier {text}").first.evaluate("each => getComputedStyle(each).fill")
        assert abs(ground - lightness(ink)) > 0.6
    assert (ground < 0.2) == (scheme == "dark")


def test_a_scheme_that_changes_is_followed(open_report: Open) -> None:
    """Without opening the page again."""
    page = open_report(color_scheme="light")
    tick = page.locator("#figure-frontier .xtick text").first
    before = tick.evaluate("each => getComputedStyle(each).fill")
    page.emulate_media(color_scheme="dark")
    expect(tick).not_to_have_css("fill", before)


def test_no_section_is_wider_than_a_telephone(open_report: Open) -> None:
    """At 390 pixels nothing ends beyond the screen: not even what is drawn; wide tables scroll."""
    page = open_report(width=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate(OVERFLOWING, 390) == []
    labels = page.locator(".plot text:visible").evaluate_all(
        "all => all.map(each => [each.textContent, each.getBoundingClientRect()])"
        ".filter(([, box]) => box.width && (box.right > 390.5 || box.left < -0.5)).map(([text]) => text)"
    )
    assert labels == []


def test_lines_to_copy_are_whole_on_a_telephone(open_report: Open) -> None:
    """They are broken, and nothing of them lies under the button or beyond the edge."""
    lines = open_report(width=390).locator(".commands pre")
    assert lines.count() == 2
    assert all(lines.evaluate_all("all => all.map(each => each.scrollWidth <= each.clientWidth)"))


def test_details_fit_on_a_telephone(open_report: Open) -> None:
    """They take a part of the screen, and scroll in themselves."""
    page = open_report(width=390, fragment="#pipeline-5")
    box = page.locator("#details").bounding_box()
    assert box is not None
    assert box["width"] <= 390 and box["height"] <= 0.61 * 900
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_paper_shows_what_was_folded(open_report: Open) -> None:
    """A PDF has pages with the text of folded parts, and none of what can only be pressed; the screen is as before."""
    page = open_report()
    note = page.locator(".notes li").first.text_content() or ""
    folded = page.locator("details:not([open])").count()
    document = PdfReader(BytesIO(page.pdf(format="A4")))
    extracted = " ".join(each.extract_text() for each in document.pages)
    text = " ".join(normalize("NFKC", extracted).split())
    assert len(document.pages) >= 3
    assert " ".join(note.split())[:40] in text
    assert "frontier and finalists only" not in text
    assert page.locator("details:not([open])").count() == folded > 0


def test_figures_are_not_cut_on_paper(open_report: Open) -> None:
    """They are as wide as a sheet at most, and light whatever the scheme; navigation is left out."""
    page = open_report(color_scheme="dark")
    page.set_viewport_size({"width": PAPER["width"], "height": PAPER["height"]})
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    assert page.evaluate(OVERFLOWING, PAPER["width"]) == []
    assert page.locator("nav").is_hidden()
    ink = page.locator("#figure-frontier .xtick text").first.evaluate("each => getComputedStyle(each).fill")
    assert ink == "rgb(48, 52, 59)"


@pytest.mark.parametrize(("motion", "behaviour"), [("reduce", "auto"), ("no-preference", "smooth")])
def test_nothing_moves_for_those_who_do_not_want_it(
    open_report: Open, motion: Literal["reduce", "no-preference"], behaviour: str
) -> None:
    """Scrolling to a section is smooth only where that is welcome."""
    page = open_report(reduced_motion=motion)
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == behaviour


def test_a_report_of_nothing_is_silent(open_report: Open) -> None:
    """It has no figure, and no error either."""
    from dataclasses import replace

    page = open_report(replace(generated_results(), explored=(), confirmed=()))
    assert page.locator("h1").inner_text()
    assert page.locator(".plot svg").count() == 0
