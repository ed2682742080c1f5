"""A table goes out to be labelled and comes back; whatever is wrong with it is said with its line."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.errors import DataError, InputError
from tradespace.explorer.labelling.label_files import LABEL_COLUMNS, read_labels, write_asked
from tradespace.explorer.storage.labels import AskedAnswer, MeasureLabels

ASKED = (
    AskedAnswer(
        key="a1", place=0, question_id="q1", question="Who led them?", answer="Rollo", references=("Rollo", "Hrolf")
    ),
    AskedAnswer(key="a2", place=1, question_id="q2", question="When?", answer="=1+1", passages=("In 911.", "Later.")),
    AskedAnswer(key="a3", place=1, question_id="q2", question="When?", answer="in\n912, maybe"),
)
LABELS = MeasureLabels(drawn=(0, 1)).with_answers(ASKED).with_policy("the same is meant")


def filled(path: Path, labels: Sequence[str], **changed: str) -> Path:
    """A written table with a label in each row, and other cells of the first row changed."""
    write_asked(path, ASKED)
    rows = (
        list(csv.DictReader(path.open(newline="")))
        if path.suffix == ".csv"
        else [json.loads(line) for line in path.open()]
    )
    for row, label in zip(rows, labels, strict=True):
        row["label"] = label
    rows[0].update(changed)
    if path.suffix == ".csv":
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
    else:
        path.write_text("\n".join(map(json.dumps, rows)))
    return path


def faults_of(path: Path, labels: MeasureLabels = LABELS) -> list[str]:
    with pytest.raises(DataError) as caught:
        read_labels(path, labels)
    return [f"{fault.where.rpartition('/')[2]}: {fault.message}" for fault in caught.value.faults]


@pytest.mark.parametrize("name", ["labels.csv", "labels.jsonl"])
def test_what_is_filled_in_is_read(tmp_path: Path, name: str) -> None:
    """Yes and no in the words that people use; empty ones wait, and skipped ones are noted."""
    read = read_labels(filled(tmp_path / name, ["Yes", "0", ""], by="ann"), LABELS)
    added = read.added_to(LABELS)
    assert [(label.value, label.by, label.policy) for label in added.asked["a1"].labels] == [(1, "ann", 0)]
    assert added.asked["a2"].said == 0.0
    assert (read.empty, added.open) == (1, [ASKED[2]])
    skipped = read_labels(filled(tmp_path / name, ["skip", "n", "TRUE"]), LABELS).added_to(LABELS)
    assert skipped.asked["a1"].skipped
    assert skipped.asked["a3"].said == 1.0


def test_a_table_shows_all_that_is_needed_and_no_formula(tmp_path: Path) -> None:
    """Question, answer, references and passages; a spreadsheet computes nothing that a model wrote."""
    write_asked(tmp_path / "labels.csv", ASKED)
    rows = list(csv.DictReader((tmp_path / "labels.csv").open(newline="")))
    assert tuple(rows[0]) == LABEL_COLUMNS
    assert rows[0]["references"] == "Rollo\n\nHrolf"
    assert (rows[1]["answer"], rows[1]["passages"]) == ("'=1+1", "In 911.\n\nLater.")
    assert [row["label"] for row in rows] == ["", "", ""]


def test_a_file_of_two_people_keeps_both(tmp_path: Path) -> None:
    """Rows about one answer, by different people or by nobody in particular, who do not agree."""
    path = tmp_path / "labels.csv"
    path.write_text("id,label,by\na1,yes,ann\na1,no,bob\na2,yes,\na2,no,\na3,1,ann\na3,1,ann\n")
    added = read_labels(path, LABELS).added_to(LABELS)
    assert [added.asked[key].said for key in ("a1", "a2", "a3")] == [0.5, 0.5, 1.0]
    assert added.summarised().disputed == 2


def test_the_same_file_twice_is_one(tmp_path: Path) -> None:
    """And a corrected one takes the place of what it said before."""
    once = read_labels(filled(tmp_path / "labels.csv", ["1", "0", "1"]), LABELS).added_to(LABELS)
    assert read_labels(tmp_path / "labels.csv", once).added_to(once) == once
    assert read_labels(filled(tmp_path / "labels.csv", ["0", "", ""]), once).added_to(once).asked["a1"].said == 0.0


def test_labels_of_other_questions_are_one_fault(tmp_path: Path) -> None:
    """Not one for each of its rows."""
    path = tmp_path / "other.csv"
    path.write_text("id,label\n" + "".join(f"b{number},yes\n" for number in range(40)))
    (fault,) = faults_of(path)
    assert fault.startswith(
        "other.csv: none of the 40 rows is about an answer that `tradespace judge --ask` asked about"
    )


def test_every_fault_is_told_with_its_line(tmp_path: Path) -> None:
    """Unknown ids, labels that say neither, and rows whose texts are of another answer."""
    path = tmp_path / "labels.csv"
    path.write_text("id,question,label\na1,Who led them?,maybe\nzz,When?,yes\na2,Who led them?,yes\na3,When?,no\n")
    assert faults_of(path) == [
        "labels.csv:2: a label must be yes or no (1 or 0), skip, or empty; given: 'maybe'",
        "labels.csv:3: the id must be of an answer that was asked about; given: 'zz'",
        "labels.csv:4: the question is not that of 'a2', which is about another: was the file sorted in part?",
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "there must be a row of column names"),
        ("id,verdict\na1,yes\n", "the column 'label' is missing"),
        ('id,label\na1,"yes', "the rest of the table cannot be read"),
    ],
)
def test_a_table_that_is_none_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    """With what it lacks."""
    path = tmp_path / "labels.csv"
    path.write_text(text)
    assert fault in faults_of(path)[0]


def test_lines_that_are_no_objects_are_told(tmp_path: Path) -> None:
    """Each with its number."""
    path = tmp_path / "labels.jsonl"
    path.write_text('{"id": "a1", "label": true}\n[1]\n{"id": "a2"}\n{')
    assert [fault.partition(": ")[0] for fault in faults_of(path)] == [
        "labels.jsonl:2",
        "labels.jsonl:3",
        "labels.jsonl:4",
    ]


@pytest.mark.parametrize("name", ["labels.xlsx", "labels"])
def test_other_kinds_of_files_are_refused(tmp_path: Path, name: str) -> None:
    """Both ways."""
    with pytest.raises(InputError, match=r"\.csv or \.jsonl"):
        write_asked(tmp_path / name, ASKED)
    with pytest.raises(InputError, match=r"\.csv or \.jsonl"):
        read_labels(tmp_path / name, LABELS)


@given(st.text(), st.lists(st.text(), max_size=3), st.sampled_from([".csv", ".jsonl"]))
def test_any_text_comes_back(
    tmp_path_factory: pytest.TempPathFactory, text: str, passages: list[str], suffix: str
) -> None:
    """Whatever data and models wrote: line breaks, quotes, signs, nothing at all."""
    asked = AskedAnswer(key="a1", place=0, question_id="q", question=text or "?", answer=text, passages=tuple(passages))
    labels = MeasureLabels(drawn=(0,)).with_answers([asked])
    path = tmp_path_factory.mktemp("labels") / f"labels{suffix}"
    write_asked(path, [asked])
    assert read_labels(path, labels).empty == 1
