"""What is written of recorded requests, and what is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.data.traces.examples import ASKED, TEXTS, Asked, written
from tradespace.data.traces import Keeping, ReadingAccount, kept_fields, read_requests, write_files
from tradespace.data.traffic import read_trace
from tradespace.errors import InputError

PERSONAL = ("ada@example.org", "s-1", "gpt-5-mini", "t0", "s00")


def imported(folder: Path, keeping: Keeping, asked: tuple[Asked, ...] = ASKED) -> dict[str, list[dict[str, Any]]]:
    """What each file of JSON lines holds, by its name; all that was written is among them, or the load."""
    requests = read_requests([written(folder, "openinference", asked)], ReadingAccount())
    out = folder / "out"
    files = write_files(requests, out, keeping)
    assert sorted(files.written) == sorted(out.iterdir())
    return {
        path.name: [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for path in files.written
        if path.suffix == ".jsonl"
    }


def test_by_default_questions_and_documents_are_kept_and_nothing_else(tmp_path: Path) -> None:
    """No answer, nobody's name, no name of a trace: not even in the file of arrivals."""
    assert imported(tmp_path, kept_fields((), ())) == {
        "questions.jsonl": [
            {"id": f"recorded/{number}", "question": asked.question} for number, asked in enumerate(ASKED, start=1)
        ],
        "documents.jsonl": [{"id": name, "text": text} for name, text in TEXTS.items()],
    }
    texts = [file.read_text(encoding="utf-8") for file in (tmp_path / "out").iterdir()]
    assert not [word for word in (*PERSONAL, 'Rollo"') for text in texts if word in text]


def test_what_is_asked_for_is_kept_beside(tmp_path: Path) -> None:
    """Answers apart from the questions, as they are no references; what tells questions apart as groups."""
    kept = imported(tmp_path, kept_fields(["answer", "user", "metadata.language", "metadata.none"], ["documents"]))
    assert kept.keys() == {"questions.jsonl", "answers.jsonl"}
    assert kept["questions.jsonl"][2]["groups"] == {"user": "ada@example.org", "language": "de"}
    assert kept["answers.jsonl"] == [{"id": "recorded/1", "answer": "Rollo"}, {"id": "recorded/3", "answer": "Rollo"}]


def test_what_is_dropped_is_not_written(tmp_path: Path) -> None:
    """Without texts the arrivals alone are left."""
    assert imported(tmp_path, kept_fields((), ["question", "documents"])) == {}
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["load.csv"]


@pytest.mark.parametrize(
    ("keep", "drop", "message"),
    [
        (["answers"], [], "no field of a request is called 'answers'; did you mean 'answer'?"),
        ([], ["metadata."], "no field of a request is called 'metadata.'"),
        (["user"], ["user"], "'user' is to be kept and to be dropped"),
    ],
)
def test_unknown_fields_are_refused(keep: list[str], drop: list[str], message: str) -> None:
    """A slip must not keep, or drop, something else."""
    with pytest.raises(InputError) as caught:
        kept_fields(keep, drop)
    assert message in str(caught.value)


def test_the_load_is_a_trace_that_deployments_read(tmp_path: Path) -> None:
    """Arrivals from the first on; tokens only where every request has them."""
    imported(tmp_path, kept_fields((), ()))
    trace = read_trace(tmp_path / "out" / "load.csv")
    assert trace.arrivals.tolist() == [0.0, 2.0, 3.5] and trace.tokens_in is None
    answered = tuple(asked for asked in ASKED if asked.answer)
    (tmp_path / "other").mkdir()
    imported(tmp_path / "other", kept_fields((), ()), answered)
    known = read_trace(tmp_path / "other" / "out" / "load.csv")
    assert known.tokens_in is not None and known.tokens_in.tolist() == [120, 120]


def test_a_question_that_was_asked_again_is_one_question(tmp_path: Path) -> None:
    """All its arrivals count; documents of one name and other texts have names of their own."""
    again = (*ASKED, Asked(9.0, 0.5, ASKED[0].question, "Rollo", ("d1",), 1.0))
    kept = imported(tmp_path, kept_fields((), ()), again)
    assert len(kept["questions.jsonl"]) == len(ASKED)
    assert len(read_trace(tmp_path / "out" / "load.csv")) == len(again)


def test_secrets_of_this_process_are_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where somebody typed one."""
    monkeypatch.setenv("SOME_API_KEY", "sk-very-secret-thing")
    asked = (*ASKED, Asked(9.0, 0.5, "Why does sk-very-secret-thing not work?", "Rollo", ("d1",), 1.0))
    kept = imported(tmp_path, kept_fields((), ()), asked)
    assert kept["questions.jsonl"][-1]["question"] == "Why does [SOME_API_KEY] not work?"
