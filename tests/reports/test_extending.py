"""The section of the report that docs/extending.md adds, added as the page says."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tradespace.explorer.conclusions.conclusion import Conclusion, conclude
from tradespace.explorer.results import Results
from tradespace.reports import page, render_report

TEXT = (Path(__file__).parents[2] / "docs" / "extending.md").read_text(encoding="utf-8")
(SUMMARY,) = re.findall(r"```python\n(# tradespace/reports/.*?)```", TEXT, re.DOTALL)
(PIECE,) = re.findall(r"```html\n(.*?)```", TEXT, re.DOTALL)
BEFORE = '<section aria-labelledby="failures-title">'


@pytest.fixture
def summary() -> Callable[[Conclusion], dict[str, float]]:
    """The summary of the page."""
    scope: dict[str, Any] = {}
    exec(compile(SUMMARY, "frontier_parts.py", "exec"), scope)
    return scope["frontier_parts"]  # type: ignore[no-any-return]


def test_the_summary_says_what_the_frontier_is_made_of(
    make_results: Callable[..., Results], summary: Callable[[Conclusion], dict[str, float]]
) -> None:
    """Shares of the non-dominated pipelines, counted here from their notation."""
    conclusion = conclude(make_results())
    notations = [point.evaluation.pipeline for point in conclusion.frontier]
    shares = summary(conclusion)
    assert len(shares) > 2
    assert list(shares.values()) == sorted(shares.values(), reverse=True)
    for name, share in shares.items():
        assert share == sum(f"{name}(" in notation for notation in notations) / len(notations)


def test_the_section_stands_in_the_page(
    make_results: Callable[..., Results],
    summary: Callable[[Conclusion], dict[str, float]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With its template, and the line of `_content`, the report has the section."""
    template = shutil.copytree(page.TEMPLATE, tmp_path / "template") / "page.html.j2"
    template.write_text(template.read_text(encoding="utf-8").replace(BEFORE, PIECE + BEFORE), encoding="utf-8")
    content = page._content
    monkeypatch.setattr(page, "TEMPLATE", tmp_path / "template")
    monkeypatch.setattr(
        page,
        "_content",
        lambda results, conclusion, loads: (
            content(results, conclusion, loads) | {"frontier_parts": summary(conclusion)}
        ),
    )
    results = make_results()
    first, share = next(iter(summary(conclude(results)).items()))
    html = render_report(results)
    assert "What is the frontier made of?" in html
    assert f"<li>{first}: {share:.0%}</li>" in html
