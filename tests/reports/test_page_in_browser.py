"""The report in a real browser: it draws, sorts, opens YAML, asks the network for nothing, and no text becomes code."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, FloatRect, Locator, Page, sync_playwright

from tradespace.explorer.results import Results
from tradespace.reports import write_report

pytestmark = pytest.mark.browser

Make = Callable[..., Results]
Open = Callable[..., Page]
Scheme = Literal["light", "dark"]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
ATTACK = "</script><script>window.hacked=1</script><img src=x onerror=window.hacked=2><b>bold</b>"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless. Without one the tests are skipped, except under CI, where they fail."""
    chromium = shutil.which("chromium")
    if chromium is None:
        reason = "no chromium on this machine: apt-get install chromium"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, headless=True, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def open_report(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Open a report in a page of its own; afterwards no request may have left, and the console must be silent."""
    requests: list[str] = []
    complaints: list[str] = []
    contexts = []

    def open_one(results: Results, scheme: Scheme = "light", width: int = 1280) -> Page:
        path = write_report(results, tmp_path / "report.html").resolve()
        context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900}, offline=True)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path.as_uri())
        page.locator(".figure .main-svg").nth(2).wait_for(state="attached")
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert [url for url in requests if not url.startswith(("file://", "data:", "blob:"))] == []
    assert complaints == []


def column(page: Page, number: int) -> list[str]:
    """The texts of a column of the pipelines table."""
    return page.locator(f"#pipelines tbody tr td:nth-child({number})").all_inner_texts()


def test_all_figures_are_drawn(make_results: Make, open_report: Open) -> None:
    """Each of the three figures holds marks: dots, bars and steps."""
    page = open_report(make_results())
    assert page.locator("#figure-frontier .scatterlayer .point").count() > 45
    assert page.locator("#figure-milliseconds .barlayer .point").count() >= 9
    assert page.locator("#figure-split-0 .scatterlayer .js-line").count() == 1


def test_figures_offer_nothing_that_sends_data(make_results: Make, open_report: Open) -> None:
    """The buttons of a figure zoom, move, reset and save it, and no more: none uploads it anywhere."""
    page = open_report(make_results())
    titles = page.locator("#figure-frontier .modebar-btn").evaluate_all("all => all.map(b => b.dataset.title)")
    assert titles == ["Zoom", "Pan", "Reset axes", "Download plot as a PNG"]


def test_table_sorts_on_a_click(make_results: Make, open_report: Open) -> None:
    """A click on a column's button sorts by number, a second one the other way, and says so to assistive technology."""
    page = open_report(make_results())
    head = page.locator("#pipelines th").nth(0)
    head.get_by_role("button").click()
    assert column(page, 1) == [f"#{number}" for number in range(1, 46)]
    assert head.get_attribute("aria-sort") == "ascending"
    head.get_by_role("button").click()
    assert column(page, 1) == [f"#{number}" for number in range(45, 0, -1)]
    assert head.get_attribute("aria-sort") == "descending"


def test_table_sorts_by_keyboard_and_keeps_gaps_last(make_results: Make, open_report: Open) -> None:
    """Enter on a focused column sorts it; a pipeline without a latency is last in both directions."""
    results = make_results(confirm=False)
    page = open_report(replace(results, explored=(replace(results.explored[0], seconds={}), *results.explored[1:])))
    button = page.locator("#pipelines").get_by_role("button", name="p95 latency")
    for direction in ("ascending", "descending"):
        button.focus()
        page.keyboard.press("Enter")
        assert page.locator(f"#pipelines th[aria-sort={direction}]").count() == 1
        assert column(page, 6)[-1] == "not known"


def test_table_is_searched(make_results: Make, open_report: Open) -> None:
    """Typing keeps the rows that contain the text; a box keeps frontier and finalists; the count follows."""
    page = open_report(make_results())
    page.get_by_label("Find").fill("top_k=20")
    assert page.locator("#pipelines tbody tr:visible").count() == 9
    assert page.locator("#shown").inner_text() == "9 of 45 listed"
    page.get_by_label("Find").fill("")
    page.get_by_label("frontier and finalists only").check()
    standings = page.locator("#pipelines tbody tr:visible td:nth-child(3)").all_inner_texts()
    assert standings and "dominated" not in standings


def test_yaml_opens_on_a_click(make_results: Make, open_report: Open) -> None:
    """Choosing a pipeline opens its YAML with a copy button; Escape closes it."""
    results = make_results()
    page = open_report(results)
    page.locator("#pipelines button.open").first.click()
    dialog = page.get_by_role("dialog")
    assert dialog.is_visible()
    assert dialog.locator("pre").inner_text().strip() == results.explored[0].yaml.strip()
    page.get_by_role("button", name="Copy YAML").click()
    page.locator("#copied:not(:empty)").wait_for(state="attached")
    page.keyboard.press("Escape")
    assert not dialog.is_visible()


def _in_view(mark: Locator) -> FloatRect | None:
    """Where a mark of a figure is, once it is scrolled to."""
    mark.scroll_into_view_if_needed()
    return mark.bounding_box()


def test_a_mark_opens_its_yaml(make_results: Make, open_report: Open) -> None:
    """A click on a mark of a figure opens the pipeline that it stands for."""
    page = open_report(make_results())
    box = _in_view(page.locator("#figure-frontier .scatterlayer .trace").last.locator(".point"))
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_selector("#figure-frontier .hoverlayer .hovertext")
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    number = page.locator("header .chosen span").inner_text()
    page.locator("#yaml[open]").wait_for()
    assert page.locator("#yaml-title").inner_text() == f"Pipeline {number}"


def test_scripts_in_data_do_nothing(make_results: Make, open_report: Open) -> None:
    """A script in names, YAML, messages, labels and hover texts is shown as text and never runs."""
    results = make_results(retriever=ATTACK)
    explored = tuple(replace(one, yaml=ATTACK, failures={0: ATTACK}) for one in results.explored)
    page = open_report(replace(results, name=ATTACK, space_yaml=ATTACK, explored=explored))
    point = _in_view(page.locator("#figure-frontier .scatterlayer .trace").last.locator(".point"))
    assert point is not None
    page.mouse.move(point["x"] + point["width"] / 2, point["y"] + point["height"] / 2)
    assert "<b>bold</b>" in (page.locator("#figure-frontier .hoverlayer .hovertext").first.text_content() or "")
    page.locator("#pipelines button.open").first.click()
    assert page.locator("#yaml-text").inner_text() == ATTACK
    assert "<script>" in (page.locator("#figure-milliseconds .annotation-text").nth(1).text_content() or "")
    assert page.evaluate("window.hacked") is None
    assert page.locator("main img, main b, .annotation b").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_figures_follow_the_colour_scheme(make_results: Make, open_report: Open, scheme: Scheme) -> None:
    """In a dark scheme the page is dark and the figures' texts are light, and the other way round."""
    page = open_report(make_results(), scheme)
    page_colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    text_colour = page.evaluate("getComputedStyle(document.querySelector('.xtick text')).fill")

    def lightness(colour: str) -> float:
        return sum(int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")) / (3 * 255)

    assert (lightness(page_colour) < 0.2) == (scheme == "dark")
    assert abs(lightness(page_colour) - lightness(text_colour)) > 0.6


def test_narrow_screens_need_no_sideways_scrolling(make_results: Make, open_report: Open) -> None:
    """On a telephone the page is as wide as the screen; wide tables scroll in themselves."""
    page = open_report(make_results(), width=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_report_without_pipelines_is_silent(make_results: Make, browser: Browser, tmp_path: Path) -> None:
    """A report of nothing has no figure, and no error either."""
    path = write_report(replace(make_results(), explored=(), confirmed=()), tmp_path / "empty.html")
    page = browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(path.as_uri())
    assert page.locator("#shown").inner_text() == "0 of 0 listed"
    assert errors == []
    page.close()
