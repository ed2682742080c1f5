"""Frames of pandas become a dataset, with the checks that files have."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.data.readers.records_on_disk import write_records
from tradespace.data import Source, dataset_from_frames, load_dataset, read_frames
from tradespace.errors import DataError
from tradespace.types import Question

ASKED = pd.DataFrame(
    {
        "question": ["Who ruled?", "What is O?"],
        "answers": [np.array(["Rollo", "Hrolf"]), ["oxygen"]],
        "gold": [[7], None],
        "id": [1, 2],
    }
)
PAGES = pd.DataFrame({"id": [7, 8], "text": ["Rollo ruled.", "O is oxygen."], "title": ["Normandy", None]})


def test_frames_are_read_like_files(tmp_path: Path) -> None:
    """The same records give the same dataset, with the same key."""
    rows = [{"question": "Who?", "answers": ["Rollo"], "gold": ["d"]}]
    pages = [{"id": "d", "text": "Rollo.", "title": "Normandy"}]
    files = Source(
        questions=str(write_records(tmp_path / "questions.jsonl", rows)),
        documents=str(write_records(tmp_path / "documents.jsonl", pages)),
    )
    assert dataset_from_frames(pd.DataFrame(rows), pd.DataFrame(pages)).key == load_dataset(files).key


def test_values_of_pandas_and_numpy_are_plain() -> None:
    """Arrays are lists, numbers are ids, and what is missing is missing."""
    data = dataset_from_frames(ASKED, PAGES)
    assert data.questions == (
        Question("1", "Who ruled?", ("Rollo", "Hrolf"), ("7",)),
        Question("2", "What is O?", ("oxygen",)),
    )
    assert [(document.id, document.title) for document in data.documents] == [("7", "Normandy"), ("8", "")]


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, pd.NaT])
def test_every_way_to_be_missing_is_one(missing: object) -> None:
    """Never the text `nan`."""
    asked = pd.DataFrame({"question": ["Who?"], "answers": ["Rollo"], "id": pd.Series([missing], dtype=object)})
    assert dataset_from_frames(asked, PAGES).questions[0].id == "questions/1"


def test_columns_may_be_called_otherwise() -> None:
    """By the names that the section `columns` of a file has."""
    asked = ASKED.rename(columns={"question": "query"}).assign(lang=["en", "de"])
    data = dataset_from_frames(asked, PAGES, columns={"question": "query", "groups": ["lang"]})
    assert [question.groups for question in data.questions] == [(("lang", "en"),), (("lang", "de"),)]
    with pytest.raises(DataError, match="questions:row 1: no column is called 'question', and each record needs one"):
        dataset_from_frames(asked, PAGES)


def test_one_frame_can_hold_what_is_to_be_read() -> None:
    """Without a frame of documents, each question stands beside its text."""
    frame = pd.DataFrame({"question": ["Who?"], "answer": ["Rollo"], "text": ["Rollo ruled."]})
    data = dataset_from_frames(frame, name="shop")
    assert (data.name, data.questions[0].gold, data.documents[0].text) == ("shop", ("questions/1",), "Rollo ruled.")


def test_faults_name_the_frame_and_the_row() -> None:
    """All of them together; harmless ones are in the reading."""
    twice = pd.concat([PAGES, pd.DataFrame({"id": [7], "text": ["Other."]})])
    with pytest.raises(DataError) as raised:
        dataset_from_frames(ASKED.assign(question=["Who?", 5.0]).assign(id=[1, 1]), twice)
    places = [fault.where for fault in raised.value.faults]
    assert places[:2] == ["documents:row 3", "questions:row 2"]
    [fault] = read_frames(ASKED.assign(golds=0), PAGES).faults
    assert str(fault).startswith("questions:row 1: 'golds' is not read; did you mean 'gold'?")


def test_a_column_that_is_there_twice_is_a_fault() -> None:
    """As joins leave it behind."""
    twice = pd.concat([ASKED, ASKED[["answers"]]], axis=1)
    with pytest.raises(DataError, match="questions: each column must have a name of its own; 'answers' is given more"):
        dataset_from_frames(twice, PAGES)


def test_the_example_in_the_documentation_runs() -> None:
    """With frames that have its columns."""
    page = (Path(__file__).parents[2] / "docs/data.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(from tradespace.data import dataset_from_frames.*?)```", page, re.DOTALL)
    names = {
        "asked": pd.DataFrame({"query": ["Who?"], "answers": [["Rollo"]]}),
        "pages": pd.DataFrame({"body": ["Rollo ruled."]}),
    }
    exec(code, names)
    assert names["data"].documents[0].text == "Rollo ruled."
