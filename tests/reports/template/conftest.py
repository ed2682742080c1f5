"""Reports in a real browser: Debian's Chromium, headless and offline. No request leaves, and nothing complains."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.reports.conftest import generated_results
from tradespace.explorer.results import Results
from tradespace.reports import write_report

Open = Callable[..., Page]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DRAWN = "html[data-drawn]"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Without one the tests are skipped, except under CI, where they fail."""
    chromium = shutil.which("chromium")
    if chromium is None:
        reason = "no chromium on this machine: apt-get install chromium"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, headless=True, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def generated_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of generated results, written once."""
    study = Path("studies/a-study-that-has-rather-a-long-name")
    return write_report(generated_results(), tmp_path_factory.mktemp("report") / "report.html", study=study)


@pytest.fixture
def open_report(browser: Browser, generated_report: Path, tmp_path: Path) -> Iterator[Open]:
    """Opens a report, of generated results where none are given, in a page of its own, and waits for its figures."""
    requests: list[str] = []
    complaints: list[str] = []
    contexts = []

    def open_one(results: Results | None = None, fragment: str = "", width: int = 1280, **settings: Any) -> Page:
        path = generated_report if results is None else write_report(results, tmp_path / "report.html")
        context = browser.new_context(viewport={"width": width, "height": 900}, offline=True, **settings)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path.resolve().as_uri() + fragment)
        page.wait_for_selector(DRAWN, state="attached")
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert [url for url in requests if not url.startswith(("file://", "data:", "blob:"))] == []
    assert complaints == []
