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


@pytest.mark.parametrize(
    "path", ["files", "files-jsonl", "squad/normans.json", "hotpotqa/dev.json", "musique/dev.jsonl", "beir", "autorag"]
)
def test_every_example_reads_without_a_fault(folder: Path, path: str) -> None:
    """What the page shows is right in every detail, and recognized for what it is."""
    reading = read_dataset(path, folder)
    assert (reading.fatal, reading.faults) == ((), ())
    assert reading.format == re.match(r"\w+", path)[0]
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
