"""The page of a comparison: its sections, in the frame of a report."""

from __future__ import annotations

from tradespace.explorer.conclusions.comparing import StudyComparison
from tradespace.reports.comparison import comparison_screen, comparison_sections, comparison_title
from tradespace.reports.page import render_sections


def render_comparison(compared: StudyComparison) -> str:
    """Return what changed between two studies as HTML."""
    return render_sections(comparison_title(compared), comparison_screen(compared), comparison_sections(compared))
