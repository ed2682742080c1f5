"""Records are found in files of every kind and in the folders of Hugging Face's `datasets`."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from tests.data.readers.records_on_disk import save_splits_to_disk, save_to_disk, write_records
from tradespace.data import Source, load_dataset, read_dataset
from tradespace.data.readers.draft import Draft
from tradespace.data.readers.records import first_fields, records
from tradespace.errors import DataError

ROWS = [
    {
        "question": f"Who was number {number}?",
        "answer": f"Rollo {number}",
        "text": f"Number {number} was Rollo {number}.",
    }
    for number in range(6)
]


def texts(path: Path) -> list[str]:
    """The questions that are read from a path without a fault."""
    reading = read_dataset(str(path))
    assert (reading.format, reading.fatal, reading.faults) == ("records", (), ())
    return [question.text for question in reading.dataset.questions]


def asked(rows: list[dict[str, str]]) -> list[str]:
    return [row["question"] for row in rows]


class TestFiles:
    @pytest.mark.parametrize("kind", [".jsonl", ".json", ".csv", ".tsv", ".parquet", ".arrow"])
    def test_every_kind_of_file(self, kind: str, tmp_path: Path) -> None:
        """By the end of its name; what is recognized is read."""
        assert texts(write_records(tmp_path / f"shop{kind}", ROWS)) == asked(ROWS)

    @pytest.mark.parametrize("kind", [".jsonl", ".json", ".csv"])
    def test_compressed_text(self, kind: str, tmp_path: Path) -> None:
        """Recognized by its beginning, which is unpacked for that."""
        plain = write_records(tmp_path / f"shop{kind}", ROWS)
        packed = tmp_path / f"packed{kind}.gz"
        packed.write_bytes(gzip.compress(plain.read_bytes()))
        assert texts(packed) == asked(ROWS)

    def test_lines_under_the_name_of_json(self, tmp_path: Path) -> None:
        """As KILT and MS MARCO publish them; faults have the line."""
        file = tmp_path / "shop.json"
        file.write_text("\n".join(map(json.dumps, ROWS)))
        assert texts(file) == asked(ROWS)
        file.write_text('{"question": "Who?", "text": "Rollo."}\n{"question": "Who?", "tex')
        [fault] = read_dataset(str(file)).fatal
        assert fault.where == f"{file}:2"

    def test_columns_as_pandas_writes_them(self, tmp_path: Path) -> None:
        """`DataFrame.to_json` without further words."""
        pd.DataFrame(ROWS).to_json(tmp_path / "shop.json")
        assert texts(tmp_path / "shop.json") == asked(ROWS)

    def test_a_record_of_a_list_is_found_with_its_line(self, tmp_path: Path) -> None:
        """The first of them, too."""
        file = tmp_path / "questions.json"
        file.write_text('[{"question": 1.5},\n {"question": ["Who?"]}]')
        write_records(tmp_path / "documents.jsonl", [{"text": "Rollo."}])
        [fault] = read_dataset(str(tmp_path)).fatal
        assert (fault.where, fault.message.partition(";")[0]) == (
            f"{file}:2",
            "question: Input should be a valid string",
        )

    def test_arrow_that_can_be_read_from_anywhere(self, tmp_path: Path) -> None:
        """The other of Arrow's two formats, under the same ending."""
        table = pa.Table.from_pylist(ROWS)
        with pa.OSFile(str(tmp_path / "shop.arrow"), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)
        assert texts(tmp_path / "shop.arrow") == asked(ROWS)

    @pytest.mark.parametrize("kind", [".parquet", ".arrow"])
    def test_a_file_cut_short_is_a_fault(self, kind: str, tmp_path: Path) -> None:
        """Also where the beginning shows no columns any more."""
        file = write_records(tmp_path / f"questions{kind}", ROWS)
        file.write_bytes(file.read_bytes()[:40])
        write_records(tmp_path / "documents.jsonl", [{"text": "Rollo."}])
        [fault] = read_dataset(str(tmp_path)).fatal
        assert (fault.where, fault.message.partition(" (")[0]) == (
            str(file),
            f"must be a whole file in {kind[1:].capitalize()}'s format",
        )

    def test_what_holds_no_records_is_a_fault(self, tmp_path: Path) -> None:
        """The valid ends of names are said."""
        (tmp_path / "asked.xlsx").touch()
        draft = Draft("asked", "files")
        assert list(records(tmp_path / "asked.xlsx", draft).rows) == []
        [fault] = draft.fatal
        assert fault.message.startswith("the name of a file of records must end in .jsonl, .json, .csv, ")
        assert first_fields(tmp_path / "asked.xlsx") == frozenset()


class TestFolders:
    def test_a_saved_dataset(self, tmp_path: Path) -> None:
        """`Dataset.save_to_disk`: its shards in their order."""
        folder = save_to_disk(tmp_path / "shop", ROWS, shards=2)
        assert texts(folder) == asked([*ROWS[0::2], *ROWS[1::2]])

    def test_saved_splits(self, tmp_path: Path) -> None:
        """`DatasetDict.save_to_disk`: one split is read, which a warning says; each is a folder that can be named."""
        folder = save_splits_to_disk(tmp_path / "shop", train=ROWS[:4], validation=ROWS[4:])
        reading = read_dataset(str(folder))
        assert [question.text for question in reading.dataset.questions] == asked(ROWS[4:])
        [fault] = reading.faults
        message = "of its splits only 'validation' is read, not train; another is named as if it were a folder: "
        assert fault.message == f"{message}{folder}/train"
        assert texts(folder / "train") == asked(ROWS[:4])

    @pytest.mark.parametrize(
        ("train", "test"),
        [
            ("data/train-00000-of-00001.parquet", "data/test-00000-of-00001.parquet"),
            ("train.jsonl", "test.jsonl"),
            ("train/0000.parquet", "test/0000.parquet"),
            ("plain/train-00000-of-00001.parquet", "plain/test-00000-of-00001.parquet"),
        ],
    )
    def test_a_copy_of_a_dataset_of_the_hub(self, train: str, test: str, tmp_path: Path) -> None:
        """Files or folders that are named after their splits, also of the only configuration."""
        write_records(tmp_path / "shop" / train, ROWS[:4])
        write_records(tmp_path / "shop" / test, ROWS[4:])
        (tmp_path / "shop/README.md").write_text("---\nlicense: mit\n---\n")
        reading = read_dataset(str(tmp_path / "shop"))
        assert [question.text for question in reading.dataset.questions] == asked(ROWS[4:])
        assert [fault.message.partition(";")[0] for fault in reading.faults] == [
            "of its splits only 'test' is read, not train"
        ]
        assert texts(tmp_path / "shop/train") == asked(ROWS[:4])

    def test_shards_are_read_in_order_and_faults_name_theirs(self, tmp_path: Path) -> None:
        """Rows are counted within their file; ids go on."""
        for shard in range(2):
            write_records(tmp_path / f"shop/data/train-0000{shard}-of-00002.parquet", ROWS[3 * shard : 3 * shard + 3])
        assert texts(tmp_path / "shop") == asked(ROWS)
        assert load_dataset(str(tmp_path / "shop")).questions[-1].id == "shop/6"
        broken = [{**ROWS[0], "text": "One."}, {**ROWS[1], "question": None}]
        file = write_records(tmp_path / "shop/data/train-00001-of-00002.parquet", broken)
        [fault] = read_dataset(str(tmp_path / "shop")).fatal
        assert fault.where == f"{file}:row 2"

    def test_folders_of_questions_and_of_documents(self, tmp_path: Path) -> None:
        """Each a dataset of its own, with a column that is called otherwise."""
        save_to_disk(tmp_path / "qa", [{"question": "Who?", "answer": "Rollo", "context_ids": [7]}])
        write_records(tmp_path / "corpus/data/train-0.parquet", [{"id": 7, "passage": "Rollo."}])
        columns = {"gold": "context_ids", "text": "passage"}
        source = Source(questions=str(tmp_path / "qa"), documents=str(tmp_path / "corpus"), columns=columns)
        data = load_dataset(source)
        assert (data.documents[0].id, data.questions[0].gold) == ("7", ("7",))

    def test_several_configurations_are_not_mixed(self, tmp_path: Path) -> None:
        """One must be named."""
        for name in ("one", "two"):
            write_records(tmp_path / f"shop/{name}/train-0.parquet", ROWS)
        with pytest.raises(DataError, match="not recognized"):
            read_dataset(str(tmp_path / "shop"))
        assert texts(tmp_path / "shop/one") == asked(ROWS)

    def test_files_of_settings_hold_no_records(self, tmp_path: Path) -> None:
        """What describes a dataset is none; a state that names files elsewhere is not followed."""
        (tmp_path / "dataset_infos.json").write_text('{"default": {"splits": {}}}')
        with pytest.raises(DataError, match="not recognized"):
            read_dataset(str(tmp_path))
        write_records(tmp_path / "data.arrow", ROWS)
        (tmp_path / "inside").mkdir()
        (tmp_path / "inside/state.json").write_text('{"_data_files": [{"filename": "../data.arrow"}]}')
        with pytest.raises(DataError):
            load_dataset(str(tmp_path / "inside"))


class TestFlatRecords:
    def test_each_text_is_a_document_once(self, tmp_path: Path) -> None:
        """And gold for each question that it stands beside alone."""
        rows = [{"question": f"Who, {n}?", "answer": "Rollo", "text": "Rollo.", "title": "Normandy"} for n in range(2)]
        data = load_dataset(str(write_records(tmp_path / "shop.jsonl", rows)))
        assert [(document.id, document.title) for document in data.documents] == [("Normandy/1", "Normandy")]
        assert [question.gold for question in data.questions] == [("Normandy/1",), ("Normandy/1",)]

    def test_of_several_texts_those_are_gold_that_are_named(self, tmp_path: Path) -> None:
        """Without names none is: what was given to read need not hold the answer."""
        row = {"question": "Who?", "answer": "Rollo", "text": ["Rollo.", "Oxygen."], "document_id": ["r", "o"]}
        rows = [row | {"gold": ["r"]}, row | {"question": "What?"}]
        data = load_dataset(str(write_records(tmp_path / "shop.jsonl", rows)))
        assert [document.id for document in data.documents] == ["r", "o"]
        assert [question.gold for question in data.questions] == [("r",), ()]

    def test_titles_and_ids_belong_to_texts_one_by_one(self, tmp_path: Path) -> None:
        """Another number of them is a fault with its line."""
        rows = [ROWS[0], {"question": "Who?", "text": ["Rollo.", "Oxygen."], "title": ["Normandy"]}]
        file = write_records(tmp_path / "shop.jsonl", rows)
        [fault] = read_dataset(str(file)).fatal
        assert str(fault) == f"{file}:2: title: there must be one for each text; texts: 2, given: 1"

    def test_texts_in_the_records_of_a_list(self, tmp_path: Path) -> None:
        """Named by paths."""
        passages = [{"body": "Rollo.", "name": "Normandy"}, {"body": "Oxygen.", "name": "O"}]
        file = write_records(tmp_path / "shop.jsonl", [{"query": "Who?", "answer": "Rollo", "passages": passages}])
        columns = {"question": "query", "text": "passages.body", "title": "passages.name"}
        data = load_dataset(Source(str(file), columns=columns))
        assert [(document.id, document.text) for document in data.documents] == [
            ("Normandy/1", "Rollo."),
            ("O/1", "Oxygen."),
        ]
