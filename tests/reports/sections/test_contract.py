"""Every section of the list keeps the contract, and they stand beside each other."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from tests.explorer.conclusions.test_strategies import GOALS, grid
from tests.reports.conftest import provenance
from tradespace.explorer.results import Results
from tradespace.reports.making import made_sections
from tradespace.reports.section import FailedSection, Findings, Section, SectionMaker, findings_of
from tradespace.reports.sections import SECTIONS
from tradespace.reports.sections.judged import judged_section
from tradespace.reports.sections.strategies_by_k import strategies_by_k_section
from tradespace.testing.section_contract import SectionContract

OF_JUDGES = (judged_section,)
OF_STRATEGIES = (strategies_by_k_section,)


def name_of(maker: SectionMaker) -> str:
    return maker.__name__


@pytest.mark.parametrize(
    "maker", [maker for maker in SECTIONS if maker not in (*OF_JUDGES, *OF_STRATEGIES)], ids=name_of
)
class TestSections(SectionContract):
    pass


@pytest.mark.parametrize("maker", OF_JUDGES, ids=name_of)
class TestSectionsOfJudges(SectionContract):
    @pytest.fixture
    def findings(self, judged: Findings) -> Findings:
        """A study with a judge."""
        return judged


@pytest.mark.parametrize("maker", OF_STRATEGIES, ids=name_of)
class TestSectionsOfStrategies(SectionContract):
    @pytest.fixture
    def findings(self) -> Findings:
        """A study of language models that are asked several times."""
        return findings_of(Results("strategies", "", GOALS, tuple(grid()), (), provenance()))


@pytest.mark.parametrize("maker", SECTIONS, ids=name_of)
def test_a_study_of_nothing_has_no_section_that_fails(maker: SectionMaker, eventful: Results) -> None:
    """Whatever was interrupted before the first pipeline was evaluated."""
    nothing = findings_of(replace(eventful, explored=(), confirmed=()))
    assert not any(isinstance(section, FailedSection) for section in made_sections(nothing, [maker]))


@pytest.mark.parametrize("maker", SECTIONS, ids=name_of)
def test_a_study_that_timed_nothing_has_no_section_that_fails(maker: SectionMaker, eventful: Results) -> None:
    """As of recorded calls without seconds."""
    explored, confirmed = (
        tuple(replace(each, seconds={}, end_to_end=()) for each in evaluations)
        for evaluations in (eventful.explored, eventful.confirmed)
    )
    untimed = findings_of(replace(eventful, explored=explored, confirmed=confirmed))
    assert not any(isinstance(section, FailedSection) for section in made_sections(untimed, [maker]))


def test_no_two_sections_have_a_name(findings: Findings) -> None:
    """Nor two figures: names are anchors on one page."""
    made = [section for section in made_sections(findings) if isinstance(section, Section)]
    assert max(Counter(section.name for section in made).values()) == 1
    assert max(Counter(figure.name for section in made for figure in section.figures).values()) == 1


def test_makers_are_called_after_what_they_make(findings: Findings) -> None:
    """A section that fails has only that to be named by."""
    for maker in SECTIONS:
        assert maker.__name__.endswith("_section")
    frontier = made_sections(findings)[0]
    assert frontier.name == "frontier" and SECTIONS[0].__name__ == "frontier_section"
