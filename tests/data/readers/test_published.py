"""Question answering sets are read as they were published, and as Hugging Face has them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.published import published_data
from tradespace.data import Dataset, load_dataset, read_dataset

PUBLISHED = published_data() / "hotpotqa/qa_train.json.gz"

HOTPOT: dict[str, Any] = {
    "_id": "h",
    "question": "Who founded the home of Rollo's heirs?",
    "answer": "Rollo",
    "type": "bridge",
    "level": "easy",
    "supporting_facts": [["Rollo", 0], ["Rollo", 1], ["Normandy", 0]],
    "context": [
        ["Rollo", ["Rollo was a Viking.", " He ruled."]],
        ["Normandy", ["It is in France."]],
        ["Oslo", ["A city."]],
    ],
}
MUSIQUE: dict[str, Any] = {
    "id": "2hop__1_2",
    "question": "Who ruled the land of the Normans?",
    "answer": "Rollo",
    "answer_aliases": ["Hrolf", "Rollo"],
    "answerable": True,
    "question_decomposition": [{"id": 1, "question": "x"}],
    "paragraphs": [
        {"idx": 0, "title": "Rollo", "paragraph_text": "Rollo was a Viking.", "is_supporting": True},
        {"idx": 1, "title": "Rollo", "paragraph_text": "Another Rollo.", "is_supporting": False},
        {"idx": 2, "title": "Normandy", "paragraph_text": "The land.", "is_supporting": True},
    ],
}
SQUAD: dict[str, Any] = {
    "id": "s",
    "title": "Rollo_of_Normandy",
    "context": "Rollo was a Viking.",
    "question": "What was Rollo?",
    "answers": {"text": ["a Viking", "Viking", "Viking"], "answer_start": [10, 12, 12]},
}


def columns(record: dict[str, Any]) -> dict[str, Any]:
    """A question of HotpotQA as Hugging Face writes it: columns in the place of pairs."""
    facts, context = zip(*record["supporting_facts"], strict=True), zip(*record["context"], strict=True)
    return {
        **{name: value for name, value in record.items() if name != "_id"},
        "id": record["_id"],
        "supporting_facts": dict(zip(("title", "sent_id"), map(list, facts), strict=True)),
        "context": dict(zip(("title", "sentences"), map(list, context), strict=True)),
    }


def written(file: Path, records: list[dict[str, Any]]) -> Path:
    """The records in the format that the file's name ends in."""
    if file.suffix == ".json":
        file.write_text(json.dumps(records, indent=1))
    elif file.suffix == ".jsonl":
        file.write_text("".join(json.dumps(record) + "\n" for record in records))
    else:
        pd.DataFrame(records).to_parquet(file)
    return file


def read_as(format: str, file: Path) -> Dataset:
    """What is read without a fault, in the format that it is recognized to be."""
    reading = read_dataset(str(file))
    assert (reading.format, reading.faults, reading.fatal) == (format, (), ())
    return reading.dataset


def texts(data: Dataset) -> dict[str, str]:
    return {document.id: document.text for document in data.documents}


@pytest.mark.parametrize("suffix", [".json", ".jsonl", ".parquet"])
class TestEverySuffix:
    """A list, lines, or Parquet: what is read is the same."""

    def test_squad_from_hugging_face(self, suffix: str, tmp_path: Path) -> None:
        """A record for each question; equal paragraphs are one document, and no answer means that there is none."""
        impossible = SQUAD | {"id": "i", "question": "Who?", "answers": {"text": [], "answer_start": []}}
        data = read_as("squad", written(tmp_path / f"dev{suffix}", [SQUAD, impossible]))
        assert texts(data) == {"Rollo_of_Normandy/1": "Rollo was a Viking."}
        assert [(question.id, question.answers, question.gold) for question in data.questions] == [
            ("s", ("a Viking", "Viking"), ("Rollo_of_Normandy/1",)),
            ("i", ("",), ()),
        ]

    def test_hotpotqa_from_hugging_face(self, suffix: str, tmp_path: Path) -> None:
        """The paragraphs of supporting facts are gold, each once."""
        data = read_as("hotpotqa", written(tmp_path / f"dev{suffix}", [columns(HOTPOT)]))
        assert texts(data)["Rollo/1"] == "Rollo\nRollo was a Viking. He ruled."
        [question] = data.questions
        assert (question.id, question.answers, question.gold) == ("h", ("Rollo",), ("Rollo/1", "Normandy/1"))

    def test_musique(self, suffix: str, tmp_path: Path) -> None:
        """Supporting paragraphs are gold; to what can't be answered the empty answer is right."""
        unanswerable = MUSIQUE | {"id": "n", "answerable": False}
        data = read_as("musique", written(tmp_path / f"dev{suffix}", [MUSIQUE, unanswerable]))
        assert list(texts(data)) == ["Rollo/1", "Rollo/2", "Normandy/1"]
        assert [(question.answers, question.gold) for question in data.questions] == [
            (("Rollo", "Hrolf"), ("Rollo/1", "Normandy/1")),
            (("",), ()),
        ]


def test_hotpotqa_as_published(tmp_path: Path) -> None:
    """Pairs in the place of columns mean the same."""
    published = read_as("hotpotqa", written(tmp_path / "dev.json", [HOTPOT]))
    assert published == read_as("hotpotqa", written(tmp_path / "dev.json", [columns(HOTPOT)]))


def test_supporting_facts_of_hotpotqa_are_evidence(tmp_path: Path) -> None:
    """Sentence by sentence, all of them needed; a fact whose sentence is not there is passed over."""
    facts = [*HOTPOT["supporting_facts"], ["Rollo", 7], ["Nobody", 0]]
    data = read_as("hotpotqa", written(tmp_path / "dev.json", [HOTPOT | {"supporting_facts": facts}]))
    [question] = data.questions
    assert [[(each.document_id, each.text) for each in piece] for piece in question.evidence] == [
        [("Rollo/1", "Rollo was a Viking.")],
        [("Rollo/1", "He ruled.")],
        [("Normandy/1", "It is in France.")],
    ]


@pytest.mark.skipif(not PUBLISHED.is_file(), reason="the published files are not here")
def test_real_questions_of_hotpotqa(tmp_path: Path) -> None:
    """A hundred of them over their thousand paragraphs, every one with two or more gold documents."""
    file = tmp_path / "qa_train.json"
    file.write_bytes(gzip.decompress(PUBLISHED.read_bytes()))
    data = load_dataset(str(file))
    assert (len(data.questions), len(data.documents)) == (100, 994)
    assert all(len(question.gold) >= 2 and len(question.evidence) >= 2 for question in data.questions)


def test_a_wrong_field_is_found_with_its_line(tmp_path: Path) -> None:
    """Inside of a list, too, and with the place inside of the record."""
    broken = HOTPOT | {"_id": "b", "context": [["Rollo", "no list"]]}
    file = written(tmp_path / "dev.json", [HOTPOT, broken])
    [fault] = read_dataset(str(file)).fatal
    before = file.read_text().partition('"_id": "b"')[0]
    assert fault.where == f"{file}:{before.count(chr(10))}"
    assert fault.message.startswith("context[0][1]: Input should be a valid list")
