"""The page of two studies in a real browser: drawn, complete, and silent."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.explorer.conclusions.test_comparing import changed, slower, wrong
from tests.reports.conftest import generated_results
from tests.reports.template.conftest import DRAWN
from tradespace.explorer.conclusions.comparing import compare_studies
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.reports.comparison_page import render_comparison

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 390])
def test_a_comparison_is_drawn_and_asks_for_nothing(browser: Browser, tmp_path: Path, width: int) -> None:
    """Figure and tables are there, no request leaves, nothing complains, and nothing is cut off at the right."""
    before = generated_results()
    chosen = conclude(before).recommended
    assert chosen is not None
    after = changed(changed(before, slower), wrong, only=chosen.evaluation.pipeline)
    (tmp_path / "comparison.html").write_text(render_comparison(compare_studies(before, after)))
    context = browser.new_context(viewport={"width": width, "height": 900}, offline=True)
    page = context.new_page()
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on(
        "request",
        lambda request: heard.extend([] if request.url.startswith(("file:", "data:", "blob:")) else [request.url]),
    )
    page.goto((tmp_path / "comparison.html").as_uri())
    page.wait_for_selector(DRAWN, state="attached")
    assert "Another pipeline is recommended" in page.locator("h1").inner_text()
    assert page.locator("#figure-changes .point").count() > 0
    assert page.locator("#moved table").count() >= 2
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    context.close()
    assert heard == []
