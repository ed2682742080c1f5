"""Take the README's picture of a report, with headless Chromium: `make picture`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

OFFLINE = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def main(report: Path, picture: Path) -> None:
    """Open a report and write what its first screens show."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("make_picture needs chromium on the PATH")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=OFFLINE)
        page = browser.new_page(viewport={"width": 1200, "height": 2050})
        page.goto(report.resolve().as_uri())
        page.wait_for_selector(".main-svg")
        page.screenshot(path=picture)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
