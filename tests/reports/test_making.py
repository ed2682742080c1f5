"""Sections are made one by one: one that fails is told, and the others are shown all the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NoReturn

import pytest

from tests.reports.conftest import Make
from tradespace.reports import making
from tradespace.reports.making import drawn_sections, made_first_screen, made_sections
from tradespace.reports.page import render_report
from tradespace.reports.section import FailedSection, Findings, Section, SectionFigure, SectionTable, findings_of

SECRET = "sk-0123456789abcdef"


@pytest.fixture
def findings(make_results: Make) -> Findings:
    """Of a study with everything that most studies have."""
    return findings_of(make_results())


def first_section(findings: Findings) -> Section:
    return Section("first", "First", (findings.results.name,))


def of_each_kind_section(findings: Findings) -> Sequence[Section]:
    return [Section(f"of_each_kind-{place}", "One of them") for place in range(2)]


def silent_section(findings: Findings) -> None:
    return None


def failing_section(findings: Findings) -> Section:
    raise ValueError(f"no such thing, with {SECRET}")


def drawing(draw: Any) -> Section:
    """A section with one figure."""
    return Section("drawn", "Drawn", figures=(SectionFigure("plot", "A plot", draw, SectionTable("Data", (), ())),))


def test_a_maker_gives_one_section_or_several_or_none(findings: Findings) -> None:
    """All in the order of the makers."""
    made = made_sections(findings, [of_each_kind_section, silent_section, first_section])
    assert [section.name for section in made] == ["of_each_kind-0", "of_each_kind-1", "first"]


def test_a_maker_that_fails_is_told_in_its_place(findings: Findings, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its name and the error, in which no secret is left; the others are made."""
    monkeypatch.setenv("SOME_API_KEY", SECRET)
    made = made_sections(findings, [first_section, failing_section, of_each_kind_section])
    assert len(made) == 4
    assert made[1] == FailedSection("failing", "Failing", "ValueError: no such thing, with [SOME_API_KEY]")


def test_a_figure_that_cannot_be_drawn_fails_its_section_alone(findings: Findings) -> None:
    """Under the title that it has; its other figures go with it."""

    def draw() -> NoReturn:
        raise RuntimeError("no ink")

    kept = replace(drawing(lambda: "ink"), name="kept")
    shown, figures = drawn_sections([drawing(draw), kept, first_section(findings)])
    assert shown == (FailedSection("drawn", "Drawn", "RuntimeError: no ink"), kept, first_section(findings))
    assert figures == {"plot": "ink"}


def test_nothing_is_drawn_before_it_is_wanted(findings: Findings) -> None:
    """A terminal needs no figures."""
    drawn = []
    (section,) = made_sections(findings, [noting_maker(drawn)])
    assert isinstance(section, Section) and drawn == []
    drawn_sections([section])
    assert drawn == ["plot"]


def noting_maker(drawn: list[str]) -> Any:
    """Makes a section that notes when its figure is drawn."""

    def noting_section(findings: Findings) -> Section:
        def draw() -> None:
            drawn.append("plot")

        return drawing(draw)

    return noting_section


def test_a_first_screen_that_fails_is_told_and_the_sections_stand(
    findings: Findings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the error, in which no secret is left."""
    monkeypatch.setenv("SOME_API_KEY", SECRET)
    monkeypatch.setattr(making, "first_screen", lambda findings, folder: failing_section(findings))
    screen = made_first_screen(findings)
    assert screen.headline.startswith("The answer could not be put into words")
    assert screen.notices == ("ValueError: no such thing, with [SOME_API_KEY]",)
    assert "What can be had" in render_report(findings.results)
