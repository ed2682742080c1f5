"""Columns, and files of a folder, whose names nobody said are guessed, and tried before they are believed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.data.readers.records_on_disk import save_splits_to_disk, write_records
from tradespace.data import DataColumns, Source
from tradespace.data.guessed_source import guessed_source
from tradespace.errors import DataError

ASKED = [
    {"query_id": f"q{n}", "query": f"who ruled land {n}", "ground_truth": f"Rollo {n}", "relevant_docs": [f"d{n}"]}
    for n in range(4)
]
PAGES = [{"doc_id": f"d{n}", "contents": f"Rollo {n} ruled land {n}.", "heading": f"Land {n}"} for n in range(4)]
COLUMNS = DataColumns(
    question="query",
    id="query_id",
    answers="ground_truth",
    gold="relevant_docs",
    document_id="doc_id",
    text="contents",
    title="heading",
)


def columns(source: Source) -> Any:
    return guessed_source(source).source.columns


def test_data_with_the_usual_names_are_taken_as_they_are(tmp_path: Path) -> None:
    """Nothing is guessed where nothing need be; nor of a published format."""
    rows = [{"question": "Who?", "answer": "Rollo", "text": "Rollo ruled.", "query": "?"}]
    source = Source(str(write_records(tmp_path / "shop.jsonl", rows)))
    assert guessed_source(source).source == source
    assert guessed_source(Source("wikipedia")).source == Source("wikipedia")


@pytest.mark.parametrize("kind", [".jsonl", ".json", ".csv", ".parquet", ".arrow"])
def test_names_that_others_use_are_known(kind: str, tmp_path: Path) -> None:
    """Of questions and of documents; what is guessed is what was read."""
    source = Source(
        questions=str(write_records(tmp_path / f"asked{kind}", ASKED)),
        documents=str(write_records(tmp_path / f"pages{kind}", PAGES)),
    )
    guessed = guessed_source(source)
    assert guessed.source.columns == COLUMNS
    assert guessed.reading.dataset.questions[3].gold == ("d3",)


def test_names_are_compared_without_case_and_spaces(tmp_path: Path) -> None:
    """As people write them in sheets."""
    rows = [{"Question": "Who ruled?", "Ground Truth": "Rollo", "Page Content": "Rollo ruled."}]
    guess = columns(Source(str(write_records(tmp_path / "shop.csv", rows))))
    assert (guess.question, guess.answers, guess.text) == ("Question", "Ground Truth", "Page Content")


def test_names_that_nobody_knows_are_found_by_contents(tmp_path: Path) -> None:
    """Questions end in question marks, and documents are long."""
    rows = [{"frage": f"Wer, {n}?", "antwort": "Rollo", "seite": f"{n}: {'Rollo herrschte. ' * 9}"} for n in range(5)]
    guess = columns(Source(str(write_records(tmp_path / "shop.csv", rows))))
    assert (guess.question, guess.text) == ("frage", "seite")


def test_texts_in_records_of_a_list_are_found(tmp_path: Path) -> None:
    """As paths."""
    passages = [{"id": n, "title": f"Page {n}", "text": f"Rollo ruled {n}."} for n in range(2)]
    rows = [{"question": "Who ruled?", "answers": {"text": ["Rollo"], "start": [0]}, "passages": passages}]
    guess = columns(Source(str(write_records(tmp_path / "shop.jsonl", rows))))
    assert (guess.answers, guess.text) == ("answers.text", "passages.text")
    assert (guess.title, guess.document_id) == ("passages.title", "passages.id")


def test_columns_of_a_few_values_are_groups(tmp_path: Path) -> None:
    """Those whose names say so; one that is the same everywhere tells nothing apart."""
    rows = [row | {"category": ("a", "b")[n % 2], "language": "en", "topic": f"t{n}"} for n, row in enumerate(ASKED)]
    source = Source(
        questions=str(write_records(tmp_path / "asked.jsonl", rows)),
        documents=str(write_records(tmp_path / "pages.jsonl", PAGES)),
    )
    assert columns(source).groups == ("category",)


def test_what_the_data_contradict_is_not_guessed(tmp_path: Path) -> None:
    """A column that may be gold documents and is something else; ids that repeat."""
    rows = [{"query": f"who, {n}", "answer": "Rollo", "source": "forum", "uid": "same"} for n in range(3)]
    source = Source(
        questions=str(write_records(tmp_path / "asked.jsonl", rows)),
        documents=str(write_records(tmp_path / "pages.jsonl", PAGES)),
    )
    expected = DataColumns(question="query", document_id="doc_id", text="contents", title="heading")
    assert columns(source) == expected


@pytest.mark.parametrize(
    ("asked", "pages"), [("qa.csv", "pages.jsonl"), ("test.parquet", "corpus/train.parquet"), ("qa.json", "docs/a.md")]
)
def test_files_of_a_folder_are_found(asked: str, pages: str, tmp_path: Path) -> None:
    """Whatever they are called: the ones with questions, and the ones with texts."""
    write_records(tmp_path / asked, [{"question": "Who?", "answer": "Rollo"}])
    if pages.endswith(".md"):
        (tmp_path / "docs").mkdir()
        (tmp_path / pages).write_text("Rollo ruled.")
    else:
        write_records(tmp_path / pages, PAGES)
    guess = guessed_source(Source(str(tmp_path)))
    documents = pages if pages == "pages.jsonl" else pages.partition("/")[0]
    assert (guess.source.questions, guess.source.documents) == (str(tmp_path / asked), str(tmp_path / documents))
    assert len(guess.reading.dataset.documents) == (1 if pages.endswith(".md") else 4)


def test_a_folder_of_splits_is_one_dataset(tmp_path: Path) -> None:
    """Not questions in one split and documents in the other."""
    rows = [{"prompt": f"Who, {n}?", "target": "Rollo", "context": f"Rollo {n}."} for n in range(3)]
    folder = save_splits_to_disk(tmp_path / "shop", train=rows, test=rows)
    guess = guessed_source(Source(str(folder))).source
    assert guess == Source(str(folder), columns=DataColumns(question="prompt", answers="target", text="context"))


def test_where_nothing_can_be_guessed_the_first_error_stands(tmp_path: Path) -> None:
    """It says which layouts there are, or what is wrong with the file."""
    write_records(tmp_path / "numbers.csv", [{"a": 1, "b": 2}])
    with pytest.raises(DataError) as raised:
        guessed_source(Source(str(tmp_path / "numbers.csv")))
    first, *hints = [fault.message for fault in raised.value.faults]
    assert "is not recognized. Valid: autorag: " in first
    assert hints == [
        "no column looks like a question; `columns: {question: …}` says which it is, of: a, b",
        "no column looks like the text of a document; `columns: {text: …}` says which it is, of: a, b",
    ]
    with pytest.raises(DataError, match=r"numbers\.csv:2: no column is called 'question'"):
        guessed_source(Source(questions=str(tmp_path / "numbers.csv"), documents=str(tmp_path / "numbers.csv")))
