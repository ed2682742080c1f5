"""Results go into docs/benchmarks.md, each script's between its own two markers: no figure there is typed by hand."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import date
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
STUDIES = Path(__file__).parent.parent / "studies"
"""Where indexes that several scripts need are kept between runs; git ignores it."""


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; all columns but the first are numbers."""
    rule = ["---", *["---:"] * (len(columns) - 1)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [columns, rule, *rows])


def write(section: str, text: str, page: Path = PAGE) -> None:
    """Print the results, and replace what stands between `<!-- SECTION: begin -->` and `<!-- SECTION: end -->`.

    Raises:
        ValueError: the page lacks a marker.
    """
    measured = f"{text.strip()}\n\nMeasured {date.today().isoformat()} on {machine()}."
    print(measured)
    before, begin, rest = page.read_text(encoding="utf-8").partition(f"<!-- {section}: begin -->")
    _, end, after = rest.partition(f"<!-- {section}: end -->")
    if not (begin and end):
        raise ValueError(f"{page} must hold the lines <!-- {section}: begin --> and <!-- {section}: end -->")
    page.write_text(f"{before}{begin}\n\n{measured}\n\n{end}{after}", encoding="utf-8")


def machine() -> str:
    """The processor, how many cores this process may use, and the version of Python."""
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    processor = names[0].split(":")[1].strip() if names else platform.machine()
    return f"{len(os.sched_getaffinity(0))} cores of {processor}, Python {platform.python_version()}"
