"""Which settings matter, in words."""

from __future__ import annotations

from dataclasses import replace

from tests.reports.conftest import Make
from tradespace.reports.section import findings_of
from tradespace.reports.sections.settings import settings_section


def test_what_matters_most_is_told_first(make_results: Make) -> None:
    """With what it brings, and what it takes in latency; the table behind the figure has all settings."""
    section = settings_section(findings_of(make_results()))
    assert section is not None
    first = section.figures[0].data.rows[0].cells[0].text
    assert section.sentences[0].startswith(f"What matters most for the answer F1: {first} from 1 to ")
    assert "of latency" in section.sentences[0]
    (figure,) = section.figures
    assert {row.cells[0].text for row in figure.data.rows} == {
        "retrieve.top_k",
        "rerank.keep",
        "generate.passages",
    }
    gains = [row.cells[3].order for row in figure.data.rows]
    assert gains == sorted(gains, key=lambda gain: -float(gain or 0.0))


def test_where_nothing_matters_that_is_told(make_results: Make) -> None:
    """Pipelines that score alike differ in nothing."""
    results = make_results(confirm=False)
    alike = tuple(replace(each, scores=results.explored[0].scores) for each in results.explored)
    section = settings_section(findings_of(replace(results, explored=alike)))
    assert section and section.sentences == ("Of no setting can it be shown that it matters for the answer F1.",)
