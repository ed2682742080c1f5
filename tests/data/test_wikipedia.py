import gzip
import json
from importlib.resources import files
from pathlib import Path

import bm25s
import pytest

from tradespace.data.bundled import wikipedia
from tradespace.data.bundled.make_wikipedia import natural_questions, write, xquad

CUTOFFS = (1, 3, 5, 10, 20)
REFERENCE = {
    "xquad": (0.858, 0.936, 0.951, 0.959, 0.976),
    "nq": (0.757, 0.878, 0.907, 0.936, 0.954),
}


def test_all_passages_and_questions_are_there() -> None:
    """240 XQuAD paragraphs with 1,190 questions, 2,600 distinct NQ passages with 2,655."""
    data = wikipedia()
    assert len(data.documents) == 240 + 2600
    assert len(data.questions) == 1190 + 2655
    assert sum(document.id.startswith("xquad/") for document in data.documents) == 240
    assert sum(question.id.startswith("xquad/") for question in data.questions) == 1190


def test_ids_are_unique_and_every_gold_id_is_a_document() -> None:
    """Every question has answers and a gold document that exists."""
    data = wikipedia()
    documents = {document.id for document in data.documents}
    assert len(documents) == len(data.documents)
    assert len({question.id for question in data.questions}) == len(data.questions)
    assert all(question.answers and question.gold and set(question.gold) <= documents for question in data.questions)


def test_every_xquad_answer_stands_in_its_gold_paragraph() -> None:
    """XQuAD is extractive: an answer is a span of its paragraph."""
    data = wikipedia("xquad")
    texts = {document.id: document.text for document in data.documents}
    assert all(answer in texts[question.gold[0]] for question in data.questions for answer in question.answers)


def test_a_part_asks_its_own_questions_of_all_documents() -> None:
    """`wikipedia/xquad` and `wikipedia/nq` share all documents and divide the questions."""
    whole, parts = wikipedia(), (wikipedia("xquad"), wikipedia("nq"))
    assert [part.name for part in parts] == ["wikipedia/xquad", "wikipedia/nq"]
    assert all(part.documents == whole.documents for part in parts)
    assert parts[0].questions + parts[1].questions == whole.questions


@pytest.fixture(scope="module")
def index() -> bm25s.BM25:
    index = bm25s.BM25(k1=1.2, b=0.75)
    texts = [document.text for document in wikipedia().documents]
    index.index(bm25s.tokenize(texts, stopwords="en", show_progress=False), show_progress=False)
    return index


@pytest.mark.parametrize("part", REFERENCE)
def test_bm25_finds_the_gold_passage_as_often_as_the_reference(index: bm25s.BM25, part: str) -> None:
    """Recall of the gold passage at 1, 3, 5, 10, 20 is within 0.01 of the reference figures."""
    data = wikipedia(part)
    ids = [document.id for document in data.documents]
    asked = bm25s.tokenize([question.text for question in data.questions], stopwords="en", show_progress=False)
    nearest, _ = index.retrieve(asked, k=max(CUTOFFS), show_progress=False)
    ranked = [[ids[place] for place in row] for row in nearest]
    gold = [question.gold[0] for question in data.questions]
    recall = [sum(g in row[:k] for g, row in zip(gold, ranked, strict=True)) / len(gold) for k in CUTOFFS]
    assert recall == pytest.approx(REFERENCE[part], abs=0.01)


def test_the_licence_is_beside_the_data() -> None:
    """Who wrote the data, where it comes from and under what licence is shipped with it."""
    text = (files("tradespace.data.bundled") / "wikipedia" / "LICENSE.md").read_text(encoding="utf-8")
    assert all(part in text for part in ("CC BY-SA 4.0", "XQuAD", "Natural Questions", "7d30520c7175", "29b8a6d042ce"))


def test_ids_are_given_by_position_and_equal_passages_are_merged(tmp_path: Path) -> None:
    """Two questions with the same NQ passage share the document of the first."""
    passage = {"title": "Physics", "text": "A science."}
    rows = [{"question": f"q{n}", "answers": ["a"], "ctxs": [passage]} for n in range(2)]
    source = tmp_path / "nq.jsonl.gz"
    source.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
    documents, questions = natural_questions(source)
    assert [(document.id, document.text) for document in documents] == [("nq/0001", "Physics\nA science.")]
    assert [(question.id, question.gold) for question in questions] == [
        ("nq/0001", ("nq/0001",)),
        ("nq/0002", ("nq/0001",)),
    ]


def test_making_the_data_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    """Neither time nor order of the day gets into the files."""
    asked = [{"id": "x", "question": "Who?", "answers": [{"text": "Rollo", "answer_start": 0}]}]
    article = {"title": "The_Normans", "paragraphs": [{"context": "Rollo led.", "qas": asked}]}
    source = tmp_path / "xquad.json"
    source.write_text(json.dumps({"data": [article]}))
    documents, questions = xquad(source)
    assert (documents[0].id, documents[0].title) == ("xquad/The_Normans/1", "The Normans")
    assert (questions[0].id, questions[0].answers) == ("xquad/The_Normans/1/1", ("Rollo",))
    for name in ("first", "second"):
        write(tmp_path / name, documents)
    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()
