import os
from dataclasses import replace
from pathlib import Path

import pytest

from tradespace.data import Source, dataset_names, format_names, load_dataset, read_dataset
from tradespace.errors import DataError


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A handbook with one document and one question."""
    (tmp_path / "handbook").mkdir()
    (tmp_path / "handbook/returns.md").write_text("Within 30 days.")
    (tmp_path / "asked.csv").write_text("question,answer\nHow long?,30 days\n")
    return tmp_path


def test_bundled_datasets_load_by_name() -> None:
    """Each name gives the dataset of that name."""
    assert [load_dataset(name).name for name in dataset_names()] == list(dataset_names())


def test_questions_and_documents_may_be_anywhere(own: Path) -> None:
    """Both paths start at the base folder, or are absolute."""
    relative = load_dataset(Source(questions="asked.csv", documents="handbook"), own)
    absolute = load_dataset(
        Source(questions=str(own / "asked.csv"), documents=str(own / "handbook")), Path("elsewhere")
    )
    assert relative == absolute
    assert [document.id for document in relative.documents] == ["returns.md"]
    assert relative.questions[0].answers == ("30 days",)


def test_an_unknown_name_is_answered_with_the_nearest(tmp_path: Path) -> None:
    """A misspelt name may be a path that is not there: the error speaks of both."""
    with pytest.raises(DataError, match=r"'wikipdia'.*no path.*did you mean 'wikipedia'"):
        load_dataset("wikipdia", tmp_path)


def test_a_folder_of_unknown_format_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    """The error names every format and what it looks like."""
    with pytest.raises(DataError) as raised:
        load_dataset(str(tmp_path))
    assert all(f"{name}: " in str(raised.value) for name in format_names())


def test_an_unknown_format_is_answered_with_the_nearest(tmp_path: Path) -> None:
    """Formats have names, too."""
    with pytest.raises(DataError, match="did you mean 'squad'"):
        load_dataset(Source(str(tmp_path), format="sqad"))


@pytest.mark.parametrize(
    "source",
    [
        Source(),
        Source(questions="asked.csv"),
        Source(documents="handbook"),
        Source("wikipedia", questions="asked.csv"),
        Source(questions="asked.csv", documents="handbook", format="beir"),
    ],
)
def test_contradictory_sources_are_refused(own: Path, source: Source) -> None:
    """Half of what is needed, or two sources at once, is an error."""
    with pytest.raises(DataError, match="given"):
        load_dataset(source, own)


def test_a_path_can_be_told_from_a_bundled_name(tmp_path: Path) -> None:
    """With ./ before it, or a format beside it, a folder called wikipedia is one's own."""
    folder = tmp_path / "wikipedia"
    (folder / "documents").mkdir(parents=True)
    (folder / "documents/a.txt").write_text("Text.")
    (folder / "questions.jsonl").write_text('{"question": "What?", "answer": "Text"}\n')
    assert len(load_dataset("wikipedia", tmp_path).questions) > 1
    assert len(load_dataset("./wikipedia", tmp_path).questions) == 1
    assert len(load_dataset(Source("wikipedia", format="files"), tmp_path).questions) == 1


def test_loading_reports_every_fault_together(own: Path) -> None:
    """Two wrong rows and a missing folder are one error."""
    (own / "asked.csv").write_text("question,answer\nHow long?\nWho?,me\nA,b,c\n")
    with pytest.raises(DataError) as raised:
        load_dataset(Source(questions="asked.csv", documents="nowhere"), own)
    assert [fault.where.rpartition("/")[2] for fault in raised.value.faults] == [
        "nowhere",
        "asked.csv:2",
        "asked.csv:4",
    ]


def test_harmless_faults_do_not_keep_data_from_loading(own: Path) -> None:
    """What was left out is in the reading, not in the way."""
    (own / "asked.csv").write_text("question,answer\nHow long?,30 days\n  ,nothing\n")
    source = Source(questions="asked.csv", documents="handbook")
    assert len(load_dataset(source, own).questions) == 1
    assert [str(fault) for fault in read_dataset(source, own).faults] == [
        f"{own / 'asked.csv'}:3: the text of 'asked/3' is empty; it was left out"
    ]


@pytest.fixture
def arguments(tmp_path: Path) -> Path:
    """A set like ArguAna in BEIR's format: its queries are documents too, once by id and text, once by text alone."""
    (tmp_path / "qrels").mkdir()
    documents = ['{"_id": "a", "title": "On tea", "text": "Tea is good."}', '{"_id": "b", "text": "Tea is bad."}']
    queries = ['{"_id": "a", "text": "Tea is good."}', '{"_id": "q", "text": "Tea is bad."}']
    (tmp_path / "corpus.jsonl").write_text("\n".join([*documents, '{"_id": "c", "text": "Tea is tea."}']))
    (tmp_path / "queries.jsonl").write_text("\n".join([*queries, '{"_id": "r", "text": "What is tea?"}']))
    (tmp_path / "qrels/test.tsv").write_text("a\tb\t1\nq\ta\t1\nr\tc\t1\n")
    return tmp_path


def test_questions_that_are_documents_are_reported(arguments: Path) -> None:
    """With what to do about it; they are read all the same."""
    [fault] = read_dataset(str(arguments)).faults
    assert fault.message.startswith("2 questions are documents too, such as 'a', which finds itself first")
    assert not any(question.itself for question in load_dataset(str(arguments)).questions)


def test_with_ignore_identical_they_know_their_own_document(arguments: Path) -> None:
    """Then nothing is to be reported, and the data has another key, for its scores are others."""
    reading = read_dataset(Source(str(arguments), ignore_identical=True))
    assert [question.itself for question in reading.required().questions] == ["a", "b", ""]
    assert reading.faults == ()
    assert reading.dataset.key != load_dataset(str(arguments)).key


def test_the_key_of_data_without_such_questions_stays(own: Path) -> None:
    """Studies made before are continued."""
    source = Source(questions="asked.csv", documents="handbook")
    assert load_dataset(source, own).key == load_dataset(replace(source, ignore_identical=True), own).key
    assert load_dataset(source, own).key == "0279efc342060eefd4a52ffdbedc59ea0c4511a10266587aacba723f3df74ce9"


def test_what_would_never_end_is_no_dataset(tmp_path: Path) -> None:
    """A device or a named pipe is refused before anything looks into it."""
    os.mkfifo(tmp_path / "data.jsonl")
    for path in ("/dev/zero", str(tmp_path / "data.jsonl")):
        with pytest.raises(DataError, match="must be a regular file"):
            load_dataset(path)


def test_a_home_that_nobody_has_is_refused() -> None:
    """As a dataset, as questions and as documents."""
    name = "~nobody-of-that-name/x"
    for source in (Source(name), Source(questions=name, documents="d"), Source(questions="q.csv", documents=name)):
        with pytest.raises(DataError, match="after ~ there must be nothing or a user of this machine"):
            load_dataset(source)
