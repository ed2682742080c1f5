"""Where pipelines differ, question by question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tradespace.explorer.answer_texts import AnswerTexts, AskedQuestion, GivenAnswer
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.conclusions.differing import differing_pairs
from tradespace.explorer.results import QuestionSet, Results
from tradespace.reports.info import pipeline_numbers
from tradespace.reports.section import Findings, Section
from tradespace.reports.sections.question_by_question import (
    LISTED_QUESTIONS,
    NO_TEXTS,
    SOME_LACK,
    question_by_question_section,
)

Make = Callable[..., Results]
HOSTILE = "<script>alert(1)</script>"


def section(results: Results) -> Section | None:
    """The section of some results."""
    return question_by_question_section(Findings(results, conclude(results), pipeline_numbers(results)))


def with_texts(results: Results, *, some: int | None = None) -> Results:
    """With a text for all questions that tell pipelines apart, or for some of them."""
    pairs = differing_pairs(results, conclude(results))
    pipelines = {each.pipeline for pair in pairs for each in (pair.first, pair.second)}
    places = sorted({place for pair in pairs for place in pair.places[:LISTED_QUESTIONS]})[:some]
    given = GivenAnswer(text=f"{HOSTILE} wrong", passages=("0", "1"), found=5)
    asked = tuple(
        AskedQuestion(
            place=place,
            id=f"q{place}",
            text=f"Who is number {place}?",
            references=("Ada", "Ada Lovelace"),
            documents=1 + place % 2,
            answers=dict.fromkeys(pipelines, given),
        )
        for place in places
    )
    passages = {"0": "doc: Ada was first.", "1": "other: Bob came later."}
    return replace(results, texts=AnswerTexts(question_set="confirm", context="", questions=asked, passages=passages))


def test_each_pair_is_summed_up(make_results: Make) -> None:
    """How often they differ, of how many questions, and which is better how often."""
    results = make_results()
    found, numbers = section(results), pipeline_numbers(results)
    assert found
    (pair, *_) = differing_pairs(results, conclude(results))
    first, second = numbers[pair.first.pipeline], numbers[pair.second.pipeline]
    assert found.sentences[0].startswith(f"#{first} (recommended")
    assert f"differ in answer F1 on {len(pair.places)} of 120 questions (confirm): " in found.sentences[0]
    assert found.sentences[0].endswith(f"#{first} is better on {pair.first_ahead}, #{second} on {pair.second_ahead}.")
    assert len(found.sentences) == len(found.tables) <= 3


def test_a_row_says_all_that_is_known_of_a_question(make_results: Make) -> None:
    """Question, groups, what both answered, what that scores and takes, and what they read."""
    results = with_texts(make_results())
    groups = {QuestionSet.CONFIRM: {"type": tuple(f"type {place % 3}" for place in range(120))}}
    found = section(replace(results, provenance=replace(results.provenance, groups=groups)))
    assert found and not found.notes
    table = found.tables[0]
    (pair, *_) = differing_pairs(results, conclude(results))
    place = pair.places[0]
    first, second = (f"#{pipeline_numbers(results)[each.pipeline]}" for each in (pair.first, pair.second))
    row = dict(zip(table.columns, (cell.text for cell in table.rows[0].cells), strict=True))
    assert (row["question"], row["type"]) == (f"Who is number {place}?", f"type {place % 3}")
    assert (row["documents needed"], row["reference"]) == (str(1 + place % 2), "Ada | Ada Lovelace")
    for label, evaluation in ((first, pair.first), (second, pair.second)):
        assert row[f"{label} answers"] == f"{HOSTILE} wrong"
        assert row[f"{label} answer F1"] == f"{evaluation.scores['answer_f1'][place]:.3f}"
        assert row[f"{label} takes"].endswith("ms")
        assert row[f"{label} reads"] == "1. doc: Ada was first.\n2. other: Bob came later.\n… 3 more"


def test_without_texts_the_figures_stand_alone(make_results: Make) -> None:
    """And a note says how to see what was answered."""
    found = section(make_results())
    assert found and found.notes == (NO_TEXTS,)
    assert found.tables[0].rows[0].cells[0].text.startswith("question ")


def test_texts_that_lack_are_told(make_results: Make) -> None:
    """As after another service level was asked about, under which other pipelines are compared."""
    found = section(with_texts(make_results(), some=3))
    assert found and found.notes == (SOME_LACK,)


def test_texts_of_other_questions_are_not_shown(make_results: Make) -> None:
    """Those of explore questions say nothing of confirm questions."""
    results = with_texts(make_results())
    assert results.texts
    of_explore = replace(results, texts=results.texts.model_copy(update={"question_set": "explore"}))
    found = section(of_explore)
    assert found and found.notes == (NO_TEXTS,)


def test_failures_are_shown_as_such(make_results: Make) -> None:
    """In the place of an answer, and as infinitely slow."""
    results = make_results()
    (pair, *_) = differing_pairs(results, conclude(results))
    place = next(place for place in pair.places if pair.first.scores["answer_f1"][place] == 0 and place < 80)
    failed = replace(
        pair.first,
        failures={place: "timed out"},
        end_to_end=tuple(None if at == place else taken for at, taken in enumerate(pair.first.end_to_end)),
    )
    confirmed = tuple(failed if each.pipeline == failed.pipeline else each for each in results.confirmed)
    found = section(with_texts(replace(results, confirmed=confirmed)))
    assert found
    texts = [[cell.text for cell in row.cells] for table in found.tables for row in table.rows]
    assert any("failed: timed out" in row and "∞" in row for row in texts)


def test_most_rows_are_listed_and_others_counted(make_results: Make) -> None:
    """However many questions there are."""
    results = make_results()
    found = section(results)
    assert found
    for table, pair in zip(found.tables, differing_pairs(results, conclude(results)), strict=True):
        assert len(table.rows) + table.left_out == len(pair.places)
        assert len(table.rows) <= LISTED_QUESTIONS


def test_where_nothing_differs_there_is_no_section(make_results: Make) -> None:
    """Nor where nothing was evaluated."""
    results = make_results()
    assert section(replace(results, explored=(), confirmed=())) is None
    assert section(replace(results, explored=results.explored[:1], confirmed=())) is None


def test_what_was_never_timed_takes_nothing_that_is_known(make_results: Make) -> None:
    """As of recorded calls without seconds: that is not forever."""
    results = make_results(sla=None)
    explored, confirmed = (
        tuple(replace(each, seconds={}, end_to_end=()) for each in evaluations)
        for evaluations in (results.explored, results.confirmed)
    )
    found = section(replace(results, explored=explored, confirmed=confirmed))
    assert found and found.tables
    assert not any("∞" in cell.text for table in found.tables for row in table.rows for cell in row.cells)
    assert not any(column.endswith("takes") for table in found.tables for column in table.columns)
