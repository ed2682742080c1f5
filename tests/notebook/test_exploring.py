"""A space is explored from Python as from the command line, with data that are at hand."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

import tradespace
from tests.notebook.conftest import QUICK, SPACE, asked, pages
from tradespace.components.readers.sentence import SentenceReader
from tradespace.data import Dataset
from tradespace.errors import DataError, InputError, ModelUnavailableError, SpaceError
from tradespace.explorer.files import read_data, specification_of
from tradespace.explorer.storage.study import StudyFolder
from tradespace.notebook import progress
from tradespace.notebook.study import Study
from tradespace.types import Document, Question

DOWN = """
name: down
data: {{explore: 2, confirm: 0}}
pipeline:
  retrieve: {{bm25: {{top_k: 1}}}}
  generate: {{llm: {{model: {{openai: {{model: tiny, base_url: "{url}", attempts: 1, own: false}}}}}}}}
objectives: {{answer_f1: maximize}}
"""


def test_frames_are_explored(study: Study) -> None:
    """All pipelines of the space; the finalists are confirmed, and the report is written."""
    results = study.results()
    assert len(results.explored) == 4
    assert results.confirmed
    assert (study.folder / "report.html").stat().st_size > 0


def test_the_study_can_be_read_without_the_frames(study: Study) -> None:
    """They are kept in it, in every detail: a command that reads the data finds those that were explored."""
    folder = StudyFolder(study.folder)
    kept = read_data(specification_of(folder)).dataset
    assert kept.key == folder.manifest().provenance.data_key
    assert [question.groups for question in kept.questions[:1]] == [(("topic", "Super_Bowl_50"),)]


def test_exploring_again_makes_no_call_twice(study: Study) -> None:
    """The same frames into the same folder: all that is needed is known."""
    before = study.results().provenance.calls_made
    again = tradespace.explore(SPACE, (asked(), pages()), study.folder, quiet=True)
    assert again.results().provenance.calls_made == before


def test_a_dataset_of_one_frame(tmp_path: Path) -> None:
    """With what is to be read for each question; half of the questions explore where the space does not say it."""
    frame = asked().drop(columns=["gold", "id"]).assign(text=pages()["text"])[:8]
    space = re.sub(r"data: .*", "", SPACE)
    results = tradespace.explore(space, frame, tmp_path / "one", quiet=True).results()
    assert dict(results.provenance.questions) == {"explore": 4, "confirm": 4}


def test_a_space_of_python_is_given_its_dataset(tmp_path: Path) -> None:
    """Or one where it names none: it says how many questions are asked."""
    space = tradespace.Space(
        name="python",
        data={"explore": 8, "confirm": 0},
        pipeline={"retrieve": "bm25", "generate": SentenceReader(passages=1)},
        objectives={"answer_contained": "maximize"},
    )
    with pytest.raises(SpaceError, match="needs either `dataset`"):
        tradespace.explore(space, study=tmp_path / "python")
    study = tradespace.explore(space, (asked(), pages()), tmp_path / "python", quiet=True)
    assert study.results().provenance.documents == len(pages())


def test_a_path_starts_where_you_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The dataset that a call names, as everywhere in Python; what a file names starts in its folder."""
    asked().to_json(tmp_path / "questions.jsonl", orient="records", lines=True)
    pages().to_json(tmp_path / "documents.jsonl", orient="records", lines=True)
    elsewhere = tmp_path / "spaces"
    elsewhere.mkdir()
    (elsewhere / "space.yaml").write_text(QUICK)
    monkeypatch.chdir(tmp_path)
    study = tradespace.explore("spaces/space.yaml", ".", quiet=True)
    assert study.folder == Path("studies/paragraphs")
    assert study.results().provenance.documents == len(pages())


def test_everything_wrong_with_a_space_is_said_together(tmp_path: Path) -> None:
    """As by `check`, and nothing is written."""
    faulty = SPACE.replace("bm25", "bm52").replace("answer_contained", "answer_content")
    with pytest.raises(SpaceError) as raised:
        tradespace.explore(faulty, (asked(), pages()), tmp_path / "none", quiet=True)
    assert len(raised.value.faults) >= 2
    assert not (tmp_path / "none").exists()


def test_everything_wrong_with_a_frame_is_said_together(tmp_path: Path) -> None:
    """With the number of the row."""
    wrong = asked().assign(question=[None, *asked()["question"][1:]])
    with pytest.raises(DataError, match="questions:row 1"):
        tradespace.explore(SPACE, (wrong, pages()), tmp_path / "none", quiet=True)


def test_what_is_no_dataset_is_refused(tmp_path: Path) -> None:
    """The message says what one is."""
    with pytest.raises(InputError, match=r"two frames: \(questions, documents\); given: dict"):
        tradespace.explore(SPACE, {"questions": []}, tmp_path / "none", quiet=True)  # type: ignore[arg-type]


def test_a_dataset_that_files_cannot_hold_is_refused(tmp_path: Path) -> None:
    """Documents with pages, as PDF has them: what would be read back is another dataset."""
    documents = (Document("cats", "The cat sat.", pages=(0,)), Document("dogs", "A dog stood.", pages=(0, 6)))
    asked_of_them = tuple(Question(name, f"Who {name}?", ("a dog",), ("dogs",)) for name in ("sat", "stood"))
    paged = Dataset("paged", documents, asked_of_them)
    with pytest.raises(DataError, match="name the path that it was read from"):
        tradespace.explore(QUICK.replace("explore: 8", "explore: 2"), paged, tmp_path / "none", quiet=True)


def test_a_model_that_does_not_answer_is_an_error(tmp_path: Path) -> None:
    """With the message of the command line; what was answered is kept."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    with pytest.raises(ModelUnavailableError, match="the same command goes on"):
        tradespace.explore(DOWN.format(url=url), (asked(), pages()), tmp_path / "down", quiet=True)
    assert StudyFolder(tmp_path / "down").exists


def test_an_interrupt_returns_what_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when a cell is interrupted; the same call goes on to the end."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as once, pytest.warns(UserWarning, match="the same call continues it"):
        once.setattr(progress.QuietDisplay, "searching", interrupt)
        stopped = tradespace.explore(QUICK, (asked(), pages()), tmp_path / "stopped", quiet=True)
    assert stopped.results().provenance.interrupted
    finished = tradespace.explore(QUICK, (asked(), pages()), tmp_path / "stopped", quiet=True)
    assert not finished.results().provenance.interrupted
    assert len(finished.results().explored) == 4
