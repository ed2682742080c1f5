"""Readers never raise for what files hold, however broken."""

import json
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tradespace.data.readers import Files
from tradespace.data.readers.beir import BEIR
from tradespace.data.readers.flat import FlatRecords
from tradespace.data.readers.hotpotqa import HotpotQA
from tradespace.data.readers.json_position import JSONPosition
from tradespace.data.readers.kilt import KILT
from tradespace.data.readers.msmarco import MSMARCO
from tradespace.data.readers.msmarco_ranking import MSMARCORanking
from tradespace.data.readers.musique import MuSiQue
from tradespace.data.readers.squad import SQuAD
from tradespace.data.readers.triviaqa import TriviaQA

FIELDS = ["data", "paragraphs", "qas", "question", "id", "text", "_id", "context", "answers", "answer"]
FIELDS += ["supporting_facts", "title", "sentences", "paragraph_text", "query", "query_id", "passages", "passage_text"]
FIELDS += ["input", "output", "provenance", "wikipedia_id", "entity_pages", "filename", "Data", "groups"]
FIELDS += ["gold", "evidence", "document", "quote", "start", "end"]
OF_RECORDS = (SQuAD(), HotpotQA(), MuSiQue(), MSMARCO(), TriviaQA(), FlatRecords())
texts = st.text(st.characters(codec=None), max_size=5) | st.sampled_from(["\ud83d", "9" * 4400])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.sampled_from(FIELDS) | texts, children),
    max_leaves=12,
)


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=60) | values.map(lambda value: json.dumps(value).encode()), st.integers(0, 60))
def test_any_bytes_give_faults_and_no_traceback(content: bytes, cut: int) -> None:
    """Random bytes, random JSON and cut-off JSON all end in a reading; what is not usable is said."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "documents").mkdir()
        (folder / "qrels").mkdir()
        files = (
            "questions.jsonl",
            "documents/a.md",
            "corpus.jsonl",
            "queries.jsonl",
            "qrels/a.tsv",
            "squad.json",
            "q.csv",
            "documents.json",
            "collection.tsv",
            "queries.tsv",
            "qrels.tsv",
        )
        for file in files:
            (folder / file).write_bytes(content[cut:] if file == "q.csv" else content[:cut])
        (folder / "lines.jsonl").write_bytes(content[:cut])
        for reading in (
            Files().read(folder),
            Files(questions=folder / "q.csv").read(folder),
            BEIR().read(folder),
            MSMARCORanking().read(folder),
            KILT(folder / "squad.json", folder / "lines.jsonl").read(folder),
            *(reader.read(folder / file) for reader in OF_RECORDS for file in ("squad.json", "lines.jsonl")),
        ):
            data = reading.dataset
            assert reading.fatal or (data.documents and data.questions and data.key)


def test_json_that_is_nested_without_end_is_a_fault(tmp_path: Path) -> None:
    """The parser's depth is limited, and a file that goes deeper is reported."""
    deep = "[" * 200_000
    (tmp_path / "a.json").write_text(deep)
    (tmp_path / "questions.jsonl").write_text(deep)
    assert SQuAD().read(tmp_path / "a.json").fatal
    assert Files().read(tmp_path).fatal


records = st.fixed_dictionaries(
    {},
    optional={
        "id": texts | values,
        "question": texts | values,
        "answer": texts | values,
        "answers": st.fixed_dictionaries({"text": st.lists(texts)}) | values,
        "context": texts | st.lists(st.tuples(texts, st.lists(texts))) | values,
        "supporting_facts": st.lists(st.tuples(texts, st.integers())) | values,
        "paragraphs": st.lists(st.fixed_dictionaries({"title": texts, "paragraph_text": texts})) | values,
    },
)


@settings(deadline=None, max_examples=80)
@given(st.lists(records, max_size=3))
def test_any_records_give_faults_and_no_traceback(content: list[object]) -> None:
    """Whatever the fields of a published file hold, what is read can be stored: in UTF-8, with a key."""
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "data.json"
        file.write_text(json.dumps(content))
        for reader in OF_RECORDS:
            reader.detects(file)
            reading = reader.read(file)
            data = reading.dataset
            assert reading.fatal or (data.documents and data.questions and data.key)
            for item in (*data.documents, *data.questions):
                assert (item.id + item.text).encode()


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_any_damage_to_a_parquet_file_gives_faults_and_no_traceback(data: st.DataObject) -> None:
    """Cut anywhere, or with any byte changed."""
    whole = Path(__file__).parent / "squad.parquet"
    content = bytearray(whole.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] = data.draw(st.integers(0, 255))
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "squad.parquet"
        for damaged in (content, content[:place]):
            file.write_bytes(damaged)
            SQuAD().detects(file)
            reading = SQuAD().read(file)
            assert reading.fatal or reading.dataset.questions


def every_place(value: object, location: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], object]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(location, value), *(place for step, child in children for place in every_place(child, (*location, step)))]


@settings(deadline=None)
@given(values, st.sampled_from([None, 0, 2]))
def test_every_value_of_a_json_text_is_found_on_its_line(value: object, indent: int | None) -> None:
    """A value marked by a line break before it is found on the line after the break."""
    text = json.dumps(value, indent=indent)
    position = JSONPosition(text)
    for location, part in every_place(value):
        start = json.dumps(part, indent=indent).split("\n")[0]
        assert start in text.split("\n")[position.line(location) - 1]


def test_a_place_that_does_not_exist_is_found_at_its_parent() -> None:
    """A missing field is reported where the object starts that lacks it."""
    position = JSONPosition('{"a": [\n1,\n{"b": 2}]}')
    assert position.line(("a", 1, "missing", 3)) == 3
    assert position.line(("a", 1, "b")) == 3
    assert position.line(("a", 0)) == 2
    assert position.line(("missing",)) == position.line(()) == 1
