from pathlib import Path

import pytest

from tradespace.data import Source, inspect, load_dataset
from tradespace.data.lengths import Lengths


def test_an_inspection_counts_what_was_read() -> None:
    """Counts, key and samples are those of the loaded dataset."""
    inspection, data = inspect("wikipedia/nq"), load_dataset("wikipedia/nq")
    assert (inspection.name, inspection.format, inspection.key) == ("wikipedia/nq", "bundled", data.key)
    assert (inspection.documents, inspection.questions) == (2840, 2655)
    assert (inspection.with_answers, inspection.with_gold) == (2655, 2655)
    assert (inspection.faults, inspection.fatal) == ((), ())
    assert len(inspection.samples) == 3
    assert all(sample.document.id == sample.question.gold[0] for sample in inspection.samples)


def test_lengths_are_quantiles_in_words(tmp_path: Path) -> None:
    """Twenty documents of 1 to 20 words: the quantiles are values that occur."""
    (tmp_path / "documents").mkdir()
    for number in range(1, 21):
        (tmp_path / f"documents/{number}.txt").write_text("word\n" * number)
    (tmp_path / "questions.jsonl").write_text('{"question": "How many words?", "answer": "20"}')
    inspection = inspect(str(tmp_path))
    assert inspection.document_words == Lengths(least=1, p25=5, median=10, p75=15, p95=19, most=20)
    assert inspection.question_words.median == 3


def test_the_folder_that_one_is_in_has_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own, though it is written as a dot."""
    (tmp_path / "mine" / "documents").mkdir(parents=True)
    (tmp_path / "mine" / "documents" / "1.txt").write_text("word")
    (tmp_path / "mine" / "questions.jsonl").write_text('{"question": "How many words?", "answer": "1"}')
    monkeypatch.chdir(tmp_path / "mine")
    assert inspect(".").name == inspect("../mine").name == "mine"
    monkeypatch.chdir(tmp_path / "mine" / "documents")
    assert inspect("..").name == "mine"


def test_broken_data_is_inspected_all_the_same(tmp_path: Path) -> None:
    """What could be read is counted beside everything that is wrong."""
    (tmp_path / "asked.csv").write_text("question,answer,gold\nHow long?,30 days,a.md\nWho?\n")
    inspection = inspect(Source(questions="asked.csv", documents="nowhere"), tmp_path)
    assert (inspection.documents, inspection.questions) == (0, 1)
    assert inspection.document_words == Lengths(0, 0, 0, 0, 0, 0)
    assert len(inspection.fatal) == 2
    assert inspection.samples[0].document is None
