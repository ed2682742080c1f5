"""How large the page of a report is, and how soon it can be used, for studies of many pipelines.

    python -m bench.report.page

A page is opened in headless Chromium from a file, several times in turns. It can be used as soon as the first screen is
there and everything that can be pressed works; figures are drawn after that.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from bench.page import table, write
from bench.report.many import many_results
from tradespace.reports import write_report
from tradespace.reports.figures import packed_plotly, plotly_script

SIZES = (200, 2_000, 20_000)
ROUNDS = 5
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
MOMENTS = ("interactive", "drawn")


def main() -> None:
    """Write the reports, open them, and write the table."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("bench.report.page needs chromium on the PATH")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        reports = [_written(size, Path(folder) / f"{size}.html") for size in SIZES]
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        rounds = [[_opened(browser, path) for path, _ in reports] for _ in range(ROUNDS)]
        browser.close()
        rows = [
            _row(size, *report, times)
            for size, report, times in zip(SIZES, reports, zip(*rounds, strict=True), strict=True)
        ]
    columns = [
        "pipelines",
        "page",
        "can be used after",
        "all figures drawn after",
        "processor time of that",
        "written in",
    ]
    whole, packed = (_megabytes(len(text())) for text in (plotly_script, packed_plotly))
    script = f"plotly.js, which is a part of each page: {whole}, packed {packed}."
    write("report", f"{table(columns, rows)}\n\n{script}")


def _written(pipelines: int, path: Path) -> tuple[Path, float]:
    """A report, and the seconds that it took to conclude and write."""
    results = many_results(pipelines)
    start = time.perf_counter()
    return write_report(results, path), time.perf_counter() - start


def _opened(browser: Browser, path: Path) -> list[float]:
    """Seconds from opening the page until it can be used and until all is drawn, and those that it computed."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-drawn]", state="attached")
    seconds = [page.evaluate(f"performance.getEntriesByName('{moment}')[0].startTime") / 1000 for moment in MOMENTS]
    metrics = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
    page.close()
    return [*seconds, metrics["TaskDuration"]]


def _row(pipelines: int, path: Path, written: float, times: Sequence[Sequence[float]]) -> list[str]:
    usable, drawn, computed = (median(moment) for moment in zip(*times, strict=True))
    seconds = [f"{each:.2f} s" for each in (usable, drawn, computed)]
    return [f"{pipelines:,}", _megabytes(path.stat().st_size), *seconds, f"{written:.1f} s"]


def _megabytes(size: float) -> str:
    return f"{size / 1e6:.1f} MB"


if __name__ == "__main__":
    main()
