"""A page on loopback in a real browser: it may ask for nothing else, and complain of nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from playwright.sync_api import Browser, Page


@contextmanager
def opened_page(browser: Browser, url: str, expected: Sequence[str], clock: bool = False) -> Iterator[Page]:
    """Open a page; afterwards no request may have gone elsewhere, and the console says nothing but what is expected.

    Args:
        browser: the real one.
        url: of the page, with its token.
        expected: words of complaints that are none.
        clock: whether the test turns the page's clock.
    """
    requests: list[str] = []
    complaints: list[str] = []
    context = browser.new_context()
    page = context.new_page()
    if clock:
        page.clock.install()
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(url)
    yield page
    context.close()
    own = (url, f"{url.rsplit('/', 2)[0]}/favicon")
    assert [each for each in requests if not each.startswith(own)] == []
    assert [each for each in complaints if not any(words in each for words in expected)] == []
