"""Take pictures of a report with headless Chromium: `make picture`.

    python docs/make_picture.py REPORT PICTURE [WIDTH HEIGHT [SECTION]]

What the window shows when the report is opened, or has scrolled to a section, once all figures are drawn. One that is
390 pixels wide is what a telephone shows.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

OFFLINE = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def main(report: Path, picture: Path, width: int = 1280, height: int = 1800, section: str = "") -> None:
    """Open a report and write what it shows."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("make_picture needs chromium on the PATH")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=OFFLINE)
        page = browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
        page.goto(report.resolve().as_uri() + (f"#{section}" if section else ""))
        page.wait_for_selector("html[data-drawn]", state="attached")
        page.screenshot(path=picture)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:5]), *sys.argv[5:])
