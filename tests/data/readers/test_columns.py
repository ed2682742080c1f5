"""Columns of questions and documents may have any names, and what is wrong with a name is said once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.data.readers.records_on_disk import write_records
from tradespace.data import DataColumns, Source, load_dataset, read_dataset
from tradespace.errors import DataError
from tradespace.types import Evidence, Question

ASKED = [
    {"qid": "q", "query": "Who ruled?", "references": ["Rollo", "Hrolf"], "page": ["d"], "lang": "en", "hard": True},
    {"qid": "r", "query": "What is O?", "references": ["oxygen"], "page": ["e"], "lang": "de", "hard": False},
]
PAGES = [{"url": "d", "body": "Rollo ruled.", "name": "Normandy"}, {"url": "e", "body": "O is oxygen.", "name": "O"}]
NAMES = {
    **{"question": "query", "answers": "references", "id": "qid", "gold": "page", "groups": ["lang", "hard"]},
    **{"document_id": "url", "text": "body", "title": "name"},
}


def source(folder: Path, asked: Any = ASKED, pages: Any = PAGES, kind: str = ".jsonl", **columns: Any) -> Source:
    """Questions and documents of these records, whose columns are called so."""
    questions, documents = (
        write_records(folder / f"{name}{kind}", rows) for name, rows in (("asked", asked), ("pages", pages))
    )
    return Source(questions=str(questions), documents=str(documents), columns=columns or NAMES)


def faults(source: Source) -> list[str]:
    return [str(fault).partition("asked")[2] or str(fault) for fault in read_dataset(source).fatal]


@pytest.mark.parametrize("kind", [".jsonl", ".json", ".csv", ".tsv", ".parquet", ".arrow"])
def test_columns_of_any_name_are_read_from_every_kind_of_file(kind: str, tmp_path: Path) -> None:
    """Questions with their groups, and documents with their titles; several texts are a list, or stand in one cell."""
    reading = read_dataset(source(tmp_path, kind=kind))
    assert (reading.fatal, reading.faults) == ((), ())
    groups = (("lang", "en"), ("hard", "True" if kind in (".csv", ".tsv") else "true"))
    assert reading.dataset.questions[0] == Question("q", "Who ruled?", ("Rollo", "Hrolf"), ("d",), groups=groups)
    assert [(each.id, each.text, each.title) for each in reading.dataset.documents] == [
        ("d", "Rollo ruled.", "Normandy"),
        ("e", "O is oxygen.", "O"),
    ]


def test_what_is_not_named_has_its_usual_name(tmp_path: Path) -> None:
    """So that one odd column is one line of YAML."""
    asked = [{"question": "Who?", "answer": "Rollo", "gold_page": "d"}]
    pages = [{"id": "d", "text": "Rollo."}]
    [question] = load_dataset(source(tmp_path, asked, pages, gold="gold_page")).questions
    assert question == Question("asked/1", "Who?", ("Rollo",), ("d",))


def test_a_named_column_takes_the_place_of_the_usual_one(tmp_path: Path) -> None:
    """`answer` is passed over where `answers` is another column; and two may change their names."""
    asked = [{"question": "Rollo", "answer": "Who?", "references": "Hrolf"}]
    pages = [{"id": "d", "text": "Rollo."}]
    read = load_dataset(source(tmp_path, asked, pages, question="answer", answers="references")).questions[0]
    assert (read.text, read.answers) == ("Who?", ("Hrolf",))
    read = load_dataset(source(tmp_path, asked, pages, question="answer", answers="question")).questions[0]
    assert (read.text, read.answers) == ("Who?", ("Rollo",))


def test_a_column_may_be_a_path_into_a_field(tmp_path: Path) -> None:
    """Of a record, or of each record of a list; a name with a dot in it comes first."""
    asked = [{"question": {"text": "Who?"}, "answers": [{"text": "Rollo"}, {"text": "Hrolf"}], "meta.lang": "en"}]
    columns = {"question": "question.text", "answers": "answers.text", "groups": ["meta.lang"]}
    [question] = load_dataset(source(tmp_path, asked, [{"text": "Rollo."}], **columns)).questions
    assert question == Question("asked/1", "Who?", ("Rollo", "Hrolf"), groups=(("meta.lang", "en"),))


def test_a_question_without_a_value_is_in_no_group(tmp_path: Path) -> None:
    """Empty, null and missing are one."""
    rows = [{"lang": "en"}, {"lang": None}, {"lang": ""}, {}]
    asked = [{"question": f"Who, {place}?", "answer": "Rollo", **row} for place, row in enumerate(rows)]
    questions = load_dataset(source(tmp_path, asked, [{"text": "Rollo."}], groups=["lang"])).questions
    assert [question.groups for question in questions] == [(("lang", "en"),), (), (), ()]


def test_groups_that_a_file_has_itself_are_read(tmp_path: Path) -> None:
    """And whether the question was written by a program."""
    asked = [{"question": "Who?", "answer": "Rollo", "groups": {"type": "fact", "hops": 2}, "generated": True}]
    [question] = load_dataset(source(tmp_path, asked, [{"text": "Rollo."}], text="text")).questions
    assert (question.groups, question.generated) == ((("type", "fact"), ("hops", "2")), True)


@pytest.mark.parametrize("kind", [".jsonl", ".csv"])
def test_a_named_column_that_no_record_has_is_one_fault(kind: str, tmp_path: Path) -> None:
    """With its place in the data, and the nearest name: not a fault for each record."""
    [fault] = faults(source(tmp_path, kind=kind, **(NAMES | {"answers": "reference"})))
    line = 1 if kind == ".jsonl" else 2
    expected = (
        f"{kind}:{line}: no column is called 'reference', which `columns` names as answers; did you mean 'references'?"
    )
    assert fault.startswith(expected)
    [fault] = faults(source(tmp_path, kind=kind, **(NAMES | {"groups": ["lang", "langs"]})))
    assert "no column is called 'langs', which `columns` names as groups; did you mean 'lang'?" in fault


def test_a_column_that_is_needed_and_in_no_record_is_one_fault(tmp_path: Path) -> None:
    """It says how to name the column."""
    [fault] = faults(source(tmp_path, id="qid"))[1:]
    assert fault.startswith(".jsonl:1: no column is called 'question', and each record needs one; Valid: qid, query, ")
    assert fault.endswith("Say which it is, by `columns: {question: …}` in the section `data`")


def test_evidence_may_be_in_any_column(tmp_path: Path) -> None:
    """In the form that it has in files."""
    asked = [{"question": "Who?", "answer": "Rollo", "quote": "Rollo ruled"}]
    [question] = load_dataset(
        source(tmp_path, asked, [{"id": "d", "text": "Once Rollo ruled."}], evidence="quote")
    ).questions
    assert question.evidence == ((Evidence("d", "Rollo ruled", 5),),)
    assert question.gold == ("d",)


def test_an_optional_column_may_come_late(tmp_path: Path) -> None:
    """Not every record has what only some need."""
    asked = [{"query": "Who?", "references": "Rollo"}, {"query": "What?", "references": "O", "page": ["e"]}]
    columns = {name: column for name, column in NAMES.items() if name not in ("id", "groups")}
    questions = load_dataset(source(tmp_path, asked, **columns)).questions
    assert [question.gold for question in questions] == [(), ("e",)]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"qestion": "query"}, r"`columns` has no 'qestion'; did you mean 'question'\?"),
        (
            {"question": "q", "answers": "q"},
            "`columns` must name a column once; 'q' is named as question and as answers",
        ),
        ({"groups": ["a", "a"]}, "`columns` must name a column once; 'a' stands twice among the groups"),
        ({"groups": "lang"}, r"`columns` must have a list of names of columns for 'groups'; given: 'lang'"),
        ({"question": 5}, r"`columns` must have the name of a column for 'question'; given: 5"),
    ],
)
def test_columns_that_contradict_themselves_are_refused(columns: dict[str, Any], message: str, tmp_path: Path) -> None:
    """Whatever the data are."""
    with pytest.raises(DataError, match=message):
        read_dataset(source(tmp_path, **columns))


def test_data_with_columns_of_their_own_take_none(tmp_path: Path) -> None:
    """Neither those that are bundled, nor a published format that is named, nor documents that are files."""
    columns = DataColumns(text="body")
    with pytest.raises(DataError, match="'wikipedia' is bundled and has columns of its own"):
        read_dataset(Source("wikipedia", columns=columns))
    with pytest.raises(DataError, match=r"format 'beir' have columns of their own: leave .* out, or read files, rec"):
        read_dataset(Source(str(tmp_path), "beir", columns=columns))
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents/a.md").write_text("Text.")
    (tmp_path / "questions.jsonl").write_text(json.dumps({"question": "Who?", "answer": "Rollo"}))
    [fault] = read_dataset(Source(str(tmp_path), columns=columns)).fatal
    assert fault.message == "`columns` names text, and these documents are files, which have no columns"


def test_an_id_that_two_documents_have_is_found_across_files(tmp_path: Path) -> None:
    """One in a folder of texts, one among the records beside it; both places are named."""
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents/a.md").write_text("Text.")
    write_records(tmp_path / "documents.jsonl", [{"id": "b", "text": "More."}, {"id": "a.md", "text": "Other text."}])
    write_records(tmp_path / "questions.json", [{"question": "Who?", "answer": "Rollo"}])
    [fault] = read_dataset(str(tmp_path)).fatal
    assert str(fault) == (
        f"{tmp_path}/documents/a.md:1: the id of a document must be unique; 'a.md' is also the id of another at "
        f"{tmp_path}/documents.jsonl:2"
    )


def test_a_document_may_be_longer_than_the_usual_limit_of_csv(tmp_path: Path) -> None:
    """Which is 131,072 characters for one cell."""
    text = "Rollo ruled. " * 20_000
    write_records(tmp_path / "documents.csv", [{"id": "a", "text": text}])
    write_records(tmp_path / "questions.csv", [{"question": "Who?", "answer": "Rollo"}])
    assert load_dataset(str(tmp_path)).documents[0].text == text


def test_of_two_files_of_one_name_the_first_is_read(tmp_path: Path) -> None:
    """And the other is named."""
    for kind in ("jsonl", "csv"):
        write_records(tmp_path / f"questions.{kind}", [{"question": f"Who, {kind}?", "answer": "Rollo"}])
    write_records(tmp_path / "documents.jsonl", [{"text": "Rollo."}])
    reading = read_dataset(str(tmp_path))
    assert [question.text for question in reading.dataset.questions] == ["Who, jsonl?"]
    [fault] = reading.faults
    assert fault.message == "only one file of questions is read, questions.jsonl; this one was left out"
    assert fault.where.endswith("questions.csv")
