"""Makes the parts of a report: first screen, sections, figures. One that fails says so, and never loses the others."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tradespace.reports.first_screen import FirstScreen, first_screen
from tradespace.reports.recommendation import Verdict
from tradespace.reports.section import FailedSection, Findings, Section, SectionMaker
from tradespace.reports.sections import SECTIONS
from tradespace.reports.words import capitalised
from tradespace.secrets import scrubbed

_LOG = logging.getLogger(__name__)


def made_first_screen(findings: Findings, folder: Path | None = None) -> FirstScreen:
    """What is told first of a study, which lies in a folder where that is known; that it failed, where it did."""
    try:
        return first_screen(findings, folder)
    except Exception as error:  # noqa: BLE001 (whatever it was, the sections are shown)
        _LOG.debug("the first screen of the report could not be made", exc_info=error)
        headline = "The answer could not be put into words: see the sections below, and report the error to Tradespace."
        return FirstScreen("", Verdict.NOTHING, headline, notices=(_reason(error),))


def made_sections(findings: Findings, makers: Sequence[SectionMaker] = SECTIONS) -> tuple[Section | FailedSection, ...]:
    """Every section that a study has something to say to, in order. No figure is drawn."""
    return tuple(section for maker in makers for section in _made(maker, findings))


def drawn_sections(
    sections: Sequence[Section | FailedSection],
) -> tuple[tuple[Section | FailedSection, ...], dict[str, Any]]:
    """Draw all figures; a section with one that cannot be drawn has failed.

    Returns:
        The sections, and the figures (`plotly.graph_objects.Figure`) by name.
    """
    shown: list[Section | FailedSection] = []
    figures: dict[str, Any] = {}
    for section in sections:
        drawn = _drawn(section)
        if isinstance(drawn, FailedSection):
            shown.append(drawn)
        else:
            shown.append(section)
            figures |= drawn
    return tuple(shown), figures


def _made(maker: SectionMaker, findings: Findings) -> Iterator[Section | FailedSection]:
    try:
        made = maker(findings)
    except Exception as error:  # noqa: BLE001 (whatever it was, the other sections are shown)
        name = maker.__name__.removesuffix("_section")
        yield _failed(name, capitalised(name.replace("_", " ")), error)
        return
    if isinstance(made, Section):
        yield made
    else:
        yield from made or ()


def _drawn(section: Section | FailedSection) -> dict[str, Any] | FailedSection:
    if isinstance(section, FailedSection):
        return {}
    try:
        return {figure.name: figure.draw() for figure in section.figures}
    except Exception as error:  # noqa: BLE001 (whatever it was, the other sections are shown)
        return _failed(section.name, section.title, error)


def _failed(name: str, title: str, error: Exception) -> FailedSection:
    _LOG.debug("the section %s of the report could not be made", name, exc_info=error)
    return FailedSection(name, title, _reason(error))


def _reason(error: Exception) -> str:
    """Why, without any secret that the error may quote."""
    return scrubbed(f"{type(error).__name__}: {error}")
