"""What holds for every section of the report."""

from __future__ import annotations

from collections.abc import Iterator

from tradespace.reports.making import drawn_sections, made_sections
from tradespace.reports.section import FailedSection, Findings, Section, SectionMaker, SectionTable


class SectionContract:
    """Inherit it; parametrize `maker`, and give a fixture `findings` of a study that it has something to say to."""

    def sections(self, maker: SectionMaker, findings: Findings) -> tuple[Section, ...]:
        """What it makes of the study."""
        made = made_sections(findings, [maker])
        assert not [section for section in made if isinstance(section, FailedSection)]
        return tuple(section for section in made if isinstance(section, Section))

    def tables(self, maker: SectionMaker, findings: Findings) -> Iterator[SectionTable]:
        """Its tables, and those behind its figures."""
        for section in self.sections(maker, findings):
            yield from section.tables
            yield from (figure.data for figure in section.figures)

    def test_it_has_something_to_say(self, maker: SectionMaker, findings: Findings) -> None:
        """Under a name that is its maker's, and a title, in whole sentences."""
        made = self.sections(maker, findings)
        assert made
        for section in made:
            assert section.title
            assert section.sentences or section.figures or section.tables
            assert all(text.endswith((".", "?")) for text in (*section.sentences, *section.notes))

    def test_a_section_and_a_figure_have_names_of_their_own(self, maker: SectionMaker, findings: Findings) -> None:
        """No two sections, and no two figures, can be mistaken for each other."""
        made = self.sections(maker, findings)
        figures = [figure.name for section in made for figure in section.figures]
        assert len({section.name for section in made}) == len(made)
        assert len(set(figures)) == len(figures)

    def test_rows_have_a_cell_for_each_column(self, maker: SectionMaker, findings: Findings) -> None:
        """In tables, and in the data of figures."""
        for table in self.tables(maker, findings):
            assert table.caption and table.left_out >= 0
            assert {len(row.cells) for row in table.rows} <= {len(table.columns)}

    def test_rows_name_pipelines_that_have_a_number(self, maker: SectionMaker, findings: Findings) -> None:
        """So that they can be selected."""
        named = {row.pipeline for table in self.tables(maker, findings) for row in table.rows}
        assert named - {None} <= findings.numbers.keys()

    def test_its_figures_are_drawn_and_have_their_data(self, maker: SectionMaker, findings: Findings) -> None:
        """Each shows marks, and has the same as a table."""
        made = self.sections(maker, findings)
        shown, figures = drawn_sections(made)
        assert shown == made
        for figure in (figure for section in made for figure in section.figures):
            assert figures[figure.name].data and figure.data.rows and figure.caption

    def test_it_says_the_same_again(self, maker: SectionMaker, findings: Findings) -> None:
        """Nothing in it is left to chance."""
        first, second = (self.sections(maker, findings) for _ in range(2))
        assert [(each.sentences, each.tables, each.notes) for each in first] == [
            (each.sentences, each.tables, each.notes) for each in second
        ]
