"""Data that are at hand are kept beside what was found with them, in every detail."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.notebook.conftest import asked, pages
from tradespace.data import Dataset, Source, dataset_from_frames, load_dataset
from tradespace.notebook.own_data import KeptData, named_source
from tradespace.types import Document, Evidence, Question

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).filter(lambda text: text.strip())


def read_back(kept: KeptData) -> Dataset:
    """What the written files hold."""
    kept.write()
    section = kept.source({})
    return load_dataset(Source(questions=section["questions"], documents=section["documents"]))


@given(st.lists(TEXTS, min_size=2, max_size=4, unique=True), TEXTS, TEXTS)
def test_any_text_is_read_back(texts: list[str], question: str, title: str) -> None:
    """Line ends and separators, quotes, any script."""
    documents = tuple(Document(f"d{place}", text, title) for place, text in enumerate(texts))
    dataset = Dataset("any", documents, (Question("q", question, (texts[0],), ("d0",)),))
    with tempfile.TemporaryDirectory() as folder:
        assert read_back(KeptData.of(dataset, {}, Path(folder))) == Dataset(
            f"any-{dataset.key[:8]}", dataset.documents, dataset.questions
        )


def test_all_that_a_question_has_is_read_back(tmp_path: Path) -> None:
    """Alternatives of gold documents, and evidence at one of two places that say the same."""
    documents = (Document("a", "Rollo ruled. Rollo ruled."), Document("b", "Rollo did."))
    question = Question(
        "q",
        "Who ruled?",
        ("Rollo", "Hrolf"),
        ("a", "b"),
        gold_alternatives=(("a", "b"),),
        evidence=((Evidence("a", "Rollo ruled.", 13), Evidence("b", "Rollo did.", 0)),),
        groups=(("language", "en"),),
        generated=True,
        generated_by="rules",
    )
    kept = KeptData.of(Dataset("all", documents, (question,)), {}, tmp_path)
    assert read_back(kept).questions == (question,)
    kept.require(read_back(kept))


def test_what_is_kept_is_never_overwritten(tmp_path: Path) -> None:
    """Other data have a folder of their own, by their content; the same data are written once."""
    first = KeptData.of((asked(), pages()), {}, tmp_path)
    first.write()
    written = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*.jsonl")}
    KeptData.of((asked(), pages()), {}, tmp_path).write()
    KeptData.of((asked()[:10], pages()), {}, tmp_path).write()
    assert {file: file.stat().st_mtime_ns for file in written} == written
    assert len(list(tmp_path.rglob("*.jsonl"))) == 4


def test_the_space_says_what_columns_are_called(tmp_path: Path) -> None:
    """Of frames as of files; what is kept has the usual names, and so the section needs no columns."""
    renamed = asked().rename(columns={"question": "query"})
    section = {"columns": {"question": "query"}, "dataset": "wikipedia", "seed": 3}
    kept = KeptData.of((renamed, pages()), section, tmp_path)
    assert kept.dataset.key == dataset_from_frames(asked(), pages()).key
    assert set(kept.source(section)) == {"questions", "documents", "explore", "confirm", "seed"}


def test_how_many_questions_each_split_has(tmp_path: Path) -> None:
    """What the space says; half of them where it says nothing."""
    kept = KeptData.of((asked()[:9], pages()), {}, tmp_path)
    assert [kept.source({})[name] for name in ("explore", "confirm")] == [4, 5]
    assert kept.source({"explore": 2})["explore"] == 2
    assert "confirm" not in kept.source({"explore": 2})


def test_a_name_takes_the_place_of_the_source(tmp_path: Path) -> None:
    """A bundled dataset by its name, a path from where you are; how many questions are asked stays."""
    stated = {"questions": "q.csv", "documents": "d", "explore": 5}
    assert named_source("wikipedia/xquad", stated) == {"explore": 5, "dataset": "wikipedia/xquad"}
    assert named_source(tmp_path, stated) == {"explore": 5, "dataset": str(tmp_path)}
    assert named_source("not-there", stated)["dataset"] == "not-there"
