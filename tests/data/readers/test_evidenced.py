"""Evidence in questions files: its forms, what is found, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.data.readers.test_faults import lines, own, short
from tradespace.data.readers import DatasetReading, Files
from tradespace.types import Evidence, Question

RETURNS = "A purchase may be returned within 30 days. Write to us first."
SHIPPING = "The customer pays for shipping."


def read(folder: Path, *records: dict[str, Any]) -> DatasetReading:
    """Questions with these fields, about two documents."""
    asked = [{"question": f"Question {number}?", **record} for number, record in enumerate(records, start=1)]
    return Files().read(own(folder, lines(*asked), returns=RETURNS, shipping=SHIPPING))


def one(folder: Path, **fields: Any) -> Question:
    """The only question, read without a fault."""
    reading = read(folder, fields)
    assert reading.faults == ()
    [question] = reading.required().questions
    return question


def words(question: Question) -> list[list[str]]:
    return [[each.text for each in piece] for piece in question.evidence]


def test_a_quote_is_evidence_and_its_document_is_gold(tmp_path: Path) -> None:
    """Nothing else has to be said."""
    question = one(tmp_path, evidence="within 30 days")
    assert question.evidence == ((Evidence("returns.md", "within 30 days", RETURNS.index("within")),),)
    assert question.evidence[0][0].source == RETURNS
    assert (question.gold, question.gold_alternatives) == (("returns.md",), ())


@pytest.mark.parametrize(
    "evidence",
    [
        "within 30 days",
        ["within 30 days"],
        [["within 30 days"]],
        {"quote": "within 30 days"},
        {"document": "returns.md", "quote": "within 30 days"},
        [{"document": "returns.md", "start": RETURNS.index("within"), "end": RETURNS.index(".")}],
    ],
    ids=["quote", "list", "lists", "object", "with its document", "place"],
)
def test_evidence_has_several_forms(evidence: object, tmp_path: Path) -> None:
    """All of these say the same."""
    assert words(one(tmp_path, evidence=evidence)) == [["within 30 days"]]


def test_pieces_are_needed_together_and_a_list_among_them_offers_alternatives(tmp_path: Path) -> None:
    """The documents of both pieces are gold; of the second piece any will do."""
    question = one(tmp_path, evidence=["within 30 days", ["Write to us", "pays for shipping"]])
    assert words(question) == [["within 30 days"], ["Write to us", "pays for shipping"]]
    assert question.gold == ("returns.md",), "what holds the first piece holds one of the second, too"
    question = one(tmp_path, evidence=[["within 30 days", "pays for shipping"]])
    assert question.gold == ("returns.md", "shipping.md")
    assert question.gold_alternatives == (("returns.md", "shipping.md"),)


def test_gold_documents_are_kept_where_they_are_given(tmp_path: Path) -> None:
    """Evidence in none of them is kept, too, and reported."""
    assert one(tmp_path, gold="returns.md", evidence="within 30 days").gold == ("returns.md",)
    reading = read(tmp_path, {"gold": "returns.md", "evidence": "pays for shipping"})
    [question] = reading.required().questions
    assert (question.gold, words(question)) == (("returns.md",), [["pays for shipping"]])
    expected = (
        "evidence of question 'questions/1': it stands in 'shipping.md', which is no gold document; both were kept"
    )
    assert short(reading.faults, tmp_path) == [("questions.jsonl:1", expected)]


def test_quotes_in_a_table_are_separated_by_bars(tmp_path: Path) -> None:
    """All of them are needed."""
    asked = "question,evidence\nHow long?,within 30 days | pays for shipping\nWho?,\n"
    reading = Files().read(own(tmp_path, asked, "csv", returns=RETURNS, shipping=SHIPPING))
    first, second = reading.required().questions
    assert words(first) == [["within 30 days"], ["pays for shipping"]]
    assert (first.gold, second.evidence) == (("returns.md", "shipping.md"), ())


def test_evidence_that_is_nowhere_is_left_out_with_a_suggestion(tmp_path: Path) -> None:
    """Whole, as scores by the rest would be too high; that of other questions is kept."""
    reading = read(
        tmp_path,
        {"answer": "30", "evidence": ["Write to us first.", "A purchase may be given back within 30 days"]},
        {"evidence": "pays for shipping"},
    )
    first, second = reading.required().questions
    assert (first.evidence, first.gold, words(second)) == ((), (), [["pays for shipping"]])
    expected = (
        "evidence of question 'questions/1': 'A purchase may be given back within 30 days' is in no document (did you "
        "mean 'A purchase may be returned within 30 days' in 'returns.md'?); all evidence of this question was left out"
    )
    assert short(reading.faults, tmp_path) == [("questions.jsonl:1", expected)]


def test_an_alternative_that_is_nowhere_is_left_out_alone(tmp_path: Path) -> None:
    """The others will do."""
    reading = read(tmp_path, {"evidence": [["within 30 days", {"document": "gone.md", "quote": "within"}]]})
    assert words(reading.required().questions[0]) == [["within 30 days"]]
    [(where, message)] = short(reading.faults, tmp_path)
    assert where == "questions.jsonl:1"
    assert message.startswith("evidence of question 'questions/1': its document 'gone.md' is missing")
    assert message.endswith("; it was left out")


def test_evidence_that_is_all_nowhere_is_fatal(tmp_path: Path) -> None:
    """It must be that of other documents."""
    reading = read(tmp_path, {"evidence": "the warranty covers"}, {"answer": "a", "evidence": "two years in all"})
    assert [where for where, _ in short(reading.fatal, tmp_path)] == ["questions.jsonl:1", "questions.jsonl:2"]


def test_evidence_in_a_form_that_is_none_is_found_with_its_line(tmp_path: Path) -> None:
    """And with its place in the list."""
    reading = read(tmp_path, {"evidence": ["within 30 days", {"document": "returns.md", "start": 3}]})
    [(where, message)] = short(reading.fatal, tmp_path)
    assert where == "questions.jsonl:1"
    assert message.startswith("evidence[1][0]: evidence is a quote, or has `document` and `quote`, or has `document`, ")


def test_a_question_with_evidence_alone_can_be_scored(tmp_path: Path) -> None:
    """No warning says otherwise."""
    assert read(tmp_path, {"evidence": "within 30 days"}).faults == ()


def test_half_a_character_in_a_quote_is_the_one_in_the_document(tmp_path: Path) -> None:
    """Both are read as U+FFFD."""
    asked = '{"id": "\\ud83d", "question": "Who?", "evidence": "came \\ud83d home"}\n'
    folder = own(tmp_path, asked, a="He came \ufffd home.")
    [question] = Files().read(folder).required().questions
    assert words(question) == [["came \ufffd home"]]


def test_gold_documents_may_have_alternatives(tmp_path: Path) -> None:
    """Lists in the list; one that is missing is left out of its group."""
    question = one(tmp_path, gold=[["returns.md", "shipping.md"]])
    assert (question.gold, question.gold_alternatives) == (
        ("returns.md", "shipping.md"),
        (("returns.md", "shipping.md"),),
    )
    reading = read(tmp_path, {"gold": [["returns.md", "gone.md"], "shipping.md"]})
    [question] = reading.required().questions
    assert (question.gold, question.gold_alternatives) == (("returns.md", "shipping.md"), ())
    assert "gold document 'gone.md'" in reading.faults[0].message
