"""Groups of questions in words and tables."""

from __future__ import annotations

from dataclasses import replace

from tests.explorer.conclusions.test_conclusion import QUESTIONS, confirmed
from tests.explorer.conclusions.test_group_limits import EACH, FAIR, UNFAIR, concluded, grouped, scoring
from tradespace.explorer.conclusions.conclusion import Conclusion, conclude
from tradespace.explorer.results import Evaluation, QuestionSet
from tradespace.reports.bounds import bounds_in_words
from tradespace.reports.info import pipeline_numbers
from tradespace.reports.page import render_report
from tradespace.reports.recommendation import Recommendation, Verdict, recommendation
from tradespace.reports.section import Findings, Section, SectionTable
from tradespace.reports.sections.groups import groups_section
from tradespace.reports.table import pipelines_table
from tradespace.search_space.bounds import Bound


def told(*finalists: Evaluation, limits: tuple[Bound, ...] = (EACH,)) -> Recommendation:
    """What is said of pipelines that were explored and confirmed alike."""
    explored = [replace(each, question_set=QuestionSet.EXPLORE, end_to_end=()) for each in finalists]
    return recommendation(concluded(*finalists, explored=explored, limits=limits))


def section_of(conclusion: Conclusion) -> Section:
    """What the report says of it by groups."""
    names = (each.evaluation.pipeline for each in conclusion.finalists)
    numbers = {name: number for number, name in enumerate(names, start=1)}
    section = groups_section(Findings(grouped(("de",) * QUESTIONS, FAIR), conclusion, numbers))
    assert section is not None
    return section


def texts(table: SectionTable) -> list[tuple[str, ...]]:
    """What stands in its rows."""
    return [tuple(cell.text for cell in row.cells) for row in table.rows]


def test_a_table_has_each_group_with_its_figures_and_what_is_known_of_its_limit() -> None:
    """Of the recommended pipeline."""
    section = section_of(concluded(FAIR, UNFAIR))
    (table,) = section.tables
    assert section.sentences[0].startswith("What #1 scores on groups")
    assert (table.caption, table.left_out) == ("By language", 0)
    assert table.columns == ("language", "questions", "f1", "f1 >= 0.5")
    rows = texts(table)
    assert [(row[0], row[1], row[3]) for row in rows] == [
        ("de", "80", "kept"),
        ("en", "80", "kept"),
        ("fi", "40", "kept"),
    ]
    assert all(row[2].startswith("0.") and "–" in row[2] for row in rows)


def test_groups_that_are_too_small_are_told_from_those_that_score_badly() -> None:
    """In their rows, and in a sentence with their names; so are questions of no group."""
    column = ("fi",) * 5 + ("sv",) * 2 + ("de",) * 100 + ("en",) * 50 + ("",) * (QUESTIONS - 157)
    section = section_of(conclude(grouped(column, FAIR)))
    assert texts(section.tables[0])[2] == ("fi", "5", "too few to tell")
    assert section.notes[1:] == (
        "By language, 2 groups have fewer than 10 questions, too few to tell anything: fi and sv.",
        f"{QUESTIONS - 157} questions have no language.",
    )


def test_many_groups_are_listed_in_part() -> None:
    """The largest of them."""
    column = tuple(f"product {place % 50}" for place in range(QUESTIONS))
    (table,) = section_of(conclude(grouped(column, FAIR))).tables
    assert (len(table.rows), table.left_out) == (30, 20)


def test_the_answer_says_what_every_group_keeps() -> None:
    """The limit in the headline as it was set, and a verdict at its error, with the group that is worst off."""
    said = told(FAIR, UNFAIR)
    assert said.headline.endswith("keeping f1 >= 0.5 for each language.")
    (note,) = (note for note in said.notes if note.startswith("The limit"))
    assert note.startswith(
        "The limit f1 >= 0.5 for each language is kept, at an error of 0.05 over all finalists and groups. The lowest "
    )
    assert note.endswith(" questions.")


def test_groups_that_questions_do_not_decide_are_named() -> None:
    """The pipeline is recommended all the same, as with a service level."""
    close = scoring(confirmed("close", 0.5, 50), de=0.95, en=0.95, fi=0.65)
    (note,) = (note for note in told(close).notes if note.startswith("The limit"))
    assert "can't be decided for fi, at an error of 0.05 over all finalists and groups. The lowest is fi: 0." in note


def test_where_no_pipeline_keeps_it_that_is_said() -> None:
    """With the groups that the nearest misses it for, and by how much; other groups stay out of the headline."""
    said = told(UNFAIR)
    assert said.verdict is Verdict.MISSED
    assert said.headline.startswith("No pipeline keeps f1 >= 0.5 for each language. The nearest has a f1 (language fi)")
    assert "(language de)" not in said.headline
    assert said.notes[0].startswith("It misses f1[language=fi] >= 0.5 by 0.")
    assert said.notes[1].startswith("The limit f1 >= 0.5 for each language is missed for fi, at an error of 0.05")


def test_how_many_keep_a_limit_for_each_group_is_counted_once() -> None:
    """Beside another bound; who misses it for one group misses it."""
    limits = (EACH, replace(EACH, column="", groups=(), limit=0.99))
    notes = told(FAIR, UNFAIR, limits=limits).notes
    assert any("1 keeps f1 >= 0.5 for each language and 0 keep f1 >= 0.99" in note for note in notes)
    assert bounds_in_words(concluded(FAIR, limits=limits).goals) == "f1 >= 0.5 for each language and f1 >= 0.99"


def test_groups_have_no_columns_among_the_pipelines() -> None:
    """They have a section of their own."""
    explored = [replace(FAIR, question_set=QuestionSet.EXPLORE, end_to_end=())]
    conclusion: Conclusion = concluded(FAIR, explored=explored)
    columns = pipelines_table(conclusion, {"fair": 1}).columns
    assert "f1" in columns and not any("language" in column for column in columns)


def test_the_report_has_a_section_by_group() -> None:
    """Groups are text from data: shown as text, whatever they hold. Without groups there is no such section."""
    column = ("<b>x</b>",) * 100 + ("en",) * (QUESTIONS - 100)
    explored = replace(FAIR, question_set=QuestionSet.EXPLORE, end_to_end=())
    results = replace(grouped(column, FAIR), explored=(explored,))
    page = render_report(results)
    assert "By group" in page and "&lt;b&gt;x&lt;/b&gt;" in page and "<td><b>x" not in page
    assert pipeline_numbers(results) == {"fair": 1}
    without = replace(results, provenance=replace(results.provenance, groups={}))
    assert "By group" not in render_report(without)
