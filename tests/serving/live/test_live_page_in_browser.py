"""The page of an exploration under way in a real browser: it follows, stops, and no text becomes code."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.reports.template.conftest import browser
from tests.serving.answering import answering
from tests.serving.opened_page import opened_page
from tradespace.serving.live import LiveBoard, LiveServer

pytestmark = pytest.mark.browser
__all__ = ["browser"]

ATTACK = "</script><script>window.hacked=1</script><img src=x onerror=window.hacked=2><b>bold</b>"
REPORT = "<!doctype html><title>r</title><p>{}</p><script>document.body.dataset.ran = 1</script>"


@pytest.fixture
def stops() -> list[str]:
    """How often it was asked to stop."""
    return []


@pytest.fixture
def server(stops: list[str]) -> Iterator[LiveServer]:
    """A run of which every text is an attack."""
    board = LiveBoard(ATTACK, ATTACK, phase=ATTACK, doing=ATTACK, lines=(ATTACK,), warnings=(ATTACK,), problem=ATTACK)
    with answering(LiveServer(board, lambda: stops.append("stop"))) as running:
        yield running


@pytest.fixture
def page(browser: Browser, server: LiveServer) -> Iterator[Page]:
    """The page, opened, with a clock that the test turns on. It may ask for nothing else, and complain of nothing."""
    with opened_page(browser, server.url, ("favicon", "404"), clock=True) as opened:
        opened.get_by_text("bold").first.wait_for()
        yield opened


def later(page: Page) -> None:
    """Let the three seconds pass after which the page asks again."""
    page.clock.run_for(3000)


def test_the_page_follows_the_run(server: LiveServer, page: Page) -> None:
    """The report appears when there is one, and a newer one takes its place; at the end it asks no more."""
    report = page.frame_locator("#report")
    assert page.locator("#report").is_hidden()
    server.board.publish(REPORT.format("one pipeline").encode())
    later(page)
    report.get_by_text("one pipeline").wait_for()
    assert report.locator("body").get_attribute("data-ran") == "1"
    server.board.publish(REPORT.format("two pipelines").encode())
    later(page)
    report.get_by_text("two pipelines").wait_for()
    server.board.ended = True
    later(page)
    page.get_by_text("The exploration is over.").wait_for()
    assert page.locator("#stop").is_hidden()


def test_the_run_is_stopped_by_keyboard(page: Page, stops: list[str]) -> None:
    """The button is reached by Tab, and pressed by Enter; once is enough."""
    page.locator("#stop:enabled").wait_for()
    page.keyboard.press("Tab")
    while page.evaluate("document.activeElement.id") != "stop":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Stopping: what was stored is kept").wait_for()
    assert stops == ["stop"]
    assert page.locator("#stop").is_disabled()


def test_a_run_that_is_gone_is_told(server: LiveServer, page: Page) -> None:
    """With where its report is."""
    page.route("**/progress", lambda route: route.fulfill(status=404))
    later(page)
    page.get_by_text("The exploration has ended").wait_for()
    assert page.locator("#note").inner_text() == f"What was found is kept in {ATTACK}"


def test_no_text_becomes_code(page: Page) -> None:
    """Names, phases, lines, warnings and problems are shown as they are."""
    assert page.evaluate("window.hacked") is None
    assert page.locator("#name").inner_text() == ATTACK
    assert page.locator("#lines li").inner_text() == ATTACK
    assert page.locator("header b, header img, header script").count() == 0
