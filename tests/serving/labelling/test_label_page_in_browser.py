"""The page in a real browser: labelled by keyboard, resumed, and no text becomes code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.reports.template.conftest import browser
from tests.serving.answering import answering
from tests.serving.opened_page import opened_page
from tradespace.explorer.labelling.board import LabelBoard
from tradespace.explorer.storage.labels import AskedAnswer, MeasureLabels
from tradespace.explorer.storage.study import StudyFolder
from tradespace.serving.labelling import LabelServer

pytestmark = pytest.mark.browser
__all__ = ["browser"]

ATTACK = "</script><script>window.hacked=1</script><img src=x onerror=window.hacked=2><b>bold</b>"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LabelServer]:
    """Three answers to be labelled, the first of which is an attack."""
    study = StudyFolder(tmp_path)
    asked = [
        AskedAnswer(
            key=f"a{place}",
            place=place,
            question_id="q",
            question=f"Question {place}? {ATTACK}",
            answer=ATTACK if place == 0 else f"answer {place}",
            references=(ATTACK,),
            passages=(ATTACK,),
        )
        for place in range(3)
    ]
    labels = MeasureLabels(drawn=(0, 1, 2)).with_answers(asked).with_policy(ATTACK)
    study.change_labels(lambda stored: stored.changed("right", labels))
    with answering(LabelServer(LabelBoard(study, "right"))) as running:
        yield running


@pytest.fixture
def page(browser: Browser, server: LabelServer) -> Iterator[Page]:
    """The page, opened; afterwards nothing else may have been asked for, and the console must be silent."""
    with opened_page(browser, server.url, ("favicon", "404", "ERR_FAILED")) as opened:
        opened.locator("#card").wait_for(state="visible")
        yield opened


def labels(server: LabelServer) -> list[float | None]:
    return [answer.said for answer in server.board.labels.asked.values()]


def progress(page: Page) -> str:
    return page.locator("#progress").inner_text()


def test_labels_are_given_by_keyboard(server: LabelServer, page: Page) -> None:
    """Yes, no, back to think again, skip; at the end it says so, and finishes."""
    assert progress(page) == "0 of 3 answered"
    page.keyboard.press("y")
    page.get_by_text("Question 1?").wait_for()
    page.keyboard.press("N")
    page.get_by_text("Question 2?").wait_for()
    page.keyboard.press("b")
    page.get_by_text("Question 1?").wait_for()
    assert "said" in (page.locator("#no").get_attribute("class") or "")
    page.keyboard.press("y")
    page.get_by_text("Question 2?").wait_for()
    page.keyboard.press("s")
    page.locator("#done").wait_for(state="visible")
    assert labels(server) == [1.0, 1.0, None]
    page.locator("#end").click()
    page.get_by_text("Finished.").wait_for()


def test_whoever_comes_back_goes_on_where_he_was(server: LabelServer, page: Page) -> None:
    """What was answered is not asked again."""
    page.keyboard.press("n")
    page.get_by_text("Question 1?").wait_for()
    page.reload()
    page.get_by_text("Question 1?").wait_for()
    assert progress(page) == "1 of 3 answered"
    page.locator("#yes").click()
    page.get_by_text("Question 2?").wait_for()
    assert labels(server) == [0.0, 1.0, None]


def test_no_text_becomes_code(page: Page) -> None:
    """Question, answer, references, passages and policy are shown as they are."""
    assert page.evaluate("window.hacked") is None
    assert page.locator("#answer").inner_text() == ATTACK
    assert page.locator("#policy").inner_text() == ATTACK
    assert page.locator("main b, main img, main script").count() == 0


def test_a_label_that_is_not_stored_is_told(server: LabelServer, page: Page) -> None:
    """Nobody labels for an hour in vain."""
    page.route("**/label", lambda route: route.abort())
    page.keyboard.press("y")
    page.get_by_text("Not stored").wait_for()
    assert progress(page) == "0 of 3 answered"
    assert labels(server)[0] is None
    page.unroute("**/label")
    page.keyboard.press("y")
    page.get_by_text("Question 1?").wait_for()
