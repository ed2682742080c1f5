"""The examples in docs/data.md are read from the page itself."""

import re
import runpy
from pathlib import Path

import pytest

from tradespace.data import Dataset, Source, dataset_names, format_names, load_dataset, read_dataset
from tradespace.data.readers import DATASET_READERS

PAGE = (Path(__file__).parents[2] / "docs/data.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"^`([\w./-]+)`\n```\w+\n(.*?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with all examples of the page."""
    for name, text in EXAMPLES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "autorag").mkdir()
    monkeypatch.chdir(tmp_path)
    runpy.run_path("autorag.py")
    return tmp_path


def contents(data: Dataset) -> tuple[list[str], list[tuple[str, tuple[str, ...], tuple[str, ...]]]]:
    documents = [document.id for document in data.documents]
    return documents, [(question.id, question.answers, question.gold) for question in data.questions]


PATHS = {
    "files": ("files", "files-jsonl", "files-records", "files-evidence"),
    "records": ("records/shop.jsonl",),
    "squad": ("squad/normans.json",),
    "hotpotqa": ("hotpotqa/dev.json",),
    "musique": ("musique/dev.jsonl",),
    "triviaqa": ("triviaqa/qa/wikipedia-dev.json",),
    "msmarco": ("msmarco/dev.jsonl",),
    "msmarco_ranking": ("msmarco_ranking",),
    "kilt": ("kilt",),
    "beir": ("beir",),
    "autorag": ("autorag",),
}


@pytest.mark.parametrize(("format", "path"), [(format, path) for format, paths in PATHS.items() for path in paths])
def test_every_example_reads_without_a_fault(folder: Path, format: str, path: str) -> None:
    """What the page shows is right in every detail, and recognized for what it is."""
    reading = read_dataset(path, folder)
    assert (reading.fatal, reading.faults) == ((), ())
    assert reading.format == format
    assert load_dataset(Source(path, format=reading.format), folder) == reading.dataset


def test_the_csv_example_means_what_the_page_says(folder: Path) -> None:
    """Answers are separated by |, ids come from the line, gold documents are paths."""
    assert contents(load_dataset("files", folder)) == (
        ["returns.md", "shipping/costs.txt"],
        [
            ("questions/2", ("30 days", "thirty days"), ("returns.md",)),
            ("questions/3", ("the customer",), ("shipping/costs.txt",)),
        ],
    )


def test_the_jsonl_example_means_what_the_page_says(folder: Path) -> None:
    """Lists are lists, `answer` is as good as `answers`, and what is missing is missing."""
    assert contents(load_dataset("files-jsonl", folder)) == (
        ["returns.md"],
        [("returns", ("30 days", "thirty days"), ("returns.md",)), ("shipping", ("the customer",), ())],
    )


def test_the_example_of_evidence_means_what_the_page_says(folder: Path) -> None:
    """Pieces that are needed together, alternatives, quotes and places; documents of evidence are gold."""
    read = load_dataset("files-evidence", folder).questions
    assert [[[each.text for each in piece] for piece in question.evidence] for question in read] == [
        [["may be returned within\n30 days"]],
        [["within\n30 days"], ["Write to us first"]],
        [["The customer pays for shipping", "Shipping is paid by you."]],
    ]
    assert [question.gold for question in read] == [("terms.md",), ("terms.md",), ("terms.md", "faq.md")]
    assert [bool(question.gold_alternatives) for question in read] == [False, False, True]


def test_the_squad_example_means_what_the_page_says(folder: Path) -> None:
    """Paragraphs are documents; an impossible question has the empty answer and no gold document."""
    assert contents(load_dataset("squad/normans.json", folder)) == (
        ["Normans/1"],
        [("1", ("Rollo",), ("Normans/1",)), ("2", ("",), ())],
    )


def test_the_multi_hop_examples_mean_what_the_page_says(folder: Path) -> None:
    """Paragraphs are documents, and those that support the answer are gold."""
    assert contents(load_dataset("hotpotqa/dev.json", folder)) == (
        ["Rollo/1", "Normans/1", "Oxygen/1"],
        [("1", ("England",), ("Rollo/1", "Normans/1"))],
    )
    assert contents(load_dataset("musique/dev.jsonl", folder)) == (
        ["Normans/1", "Oxygen/1"],
        [("2hop__1_2", ("England", "Kingdom of England"), ("Normans/1",))],
    )


def test_the_beir_example_means_what_the_page_says(folder: Path) -> None:
    """Titles are the first line of the text; judged documents are gold; there are no answers."""
    data = load_dataset("beir", folder)
    assert contents(data) == (["d1", "d2"], [("q1", (), ("d1",))])
    assert data.documents[0].text.startswith("Rollo\nRollo was")


def test_the_autorag_example_means_what_the_page_says(folder: Path) -> None:
    """`retrieval_gt` is gold, `generation_gt` are the answers."""
    assert contents(load_dataset("autorag", folder)) == (["d1", "d2"], [("q1", ("Rollo",), ("d1",))])


def test_all_bundled_datasets_and_formats_are_on_the_page() -> None:
    """Nothing that can be read goes unmentioned, and the table's numbers are right."""
    for name in dataset_names():
        data = load_dataset(name)
        assert f"| `{name}` | {len(data.documents):,} | {len(data.questions):,} |" in PAGE
    assert len(DATASET_READERS) == len(format_names()) == PAGE.partition("\n## Bundled")[2].count("\n## ")


def test_every_format_has_an_example() -> None:
    """Or nobody would see what it looks like."""
    assert PATHS.keys() == set(format_names())


def test_the_example_of_documents_as_records_means_what_the_page_says(folder: Path) -> None:
    """Ids are those of the records, titles are no part of texts, groups are pairs."""
    data = load_dataset("files-records", folder)
    assert contents(data) == (
        ["returns", "shipping"],
        [("questions/1", ("30 days",), ("returns",)), ("questions/2", ("der Kunde",), ("shipping",))],
    )
    assert (data.documents[0].title, data.documents[0].text[:10]) == ("Returns", "A purchase")
    assert [question.groups for question in data.questions] == [(("language", "en"),), (("language", "de"),)]


def test_the_example_of_questions_beside_their_texts_means_what_the_page_says(folder: Path) -> None:
    """Each text is a document, and gold for its question."""
    assert contents(load_dataset("records/shop.jsonl", folder)) == (
        ["shop/1", "shop/2"],
        [("shop/1", ("30 days",), ("shop/1",)), ("shop/2", ("the customer",), ("shop/2",))],
    )


def test_the_examples_of_large_published_sets_mean_what_the_page_says(folder: Path) -> None:
    """What is gold, what is accepted, and what is an alternative."""
    assert contents(load_dataset("triviaqa/qa/wikipedia-dev.json", folder)) == (
        ["wikipedia/Normandy.txt", "wikipedia/Oxygen.txt"],
        [("tc_1", ("Rollo", "Hrolf"), ("wikipedia/Normandy.txt",))],
    )
    assert contents(load_dataset("msmarco/dev.jsonl", folder)) == (
        ["https://example.com/normandy/1", "https://example.com/oxygen/1"],
        [("1", ("Rollo", "Rollo was the first ruler of Normandy."), ("https://example.com/normandy/1",))],
    )
    assert contents(load_dataset("msmarco_ranking", folder)) == (["0", "1"], [("10", (), ("0",))])
    kilt = load_dataset("kilt", folder)
    assert contents(kilt) == (["7", "8"], [("1", ("Rollo",), ("7", "8"))])
    assert kilt.questions[0].gold_alternatives == (("7", "8"),)
