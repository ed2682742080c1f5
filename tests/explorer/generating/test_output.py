"""The file of generated questions is replaced only as long as nobody edited it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradespace.errors import InputError
from tradespace.explorer.generating.output import QuestionOutput
from tradespace.types import Question

FIRST, SECOND = Question("1", "Who sat?"), Question("2", "Who ran?")


@pytest.fixture
def output(tmp_path: Path) -> QuestionOutput:
    """A file that is not there yet."""
    made = QuestionOutput(tmp_path / "questions.jsonl")
    with made.lock():
        return made


def test_what_was_written_may_be_replaced(output: QuestionOutput) -> None:
    """Also by who starts anew, and also the version before the last: a killed run may have left it."""
    output.write([FIRST])
    before = output.file.read_bytes()
    QuestionOutput(output.file).require_unedited()
    output.write([FIRST, SECOND])
    output.file.write_bytes(before)
    QuestionOutput(output.file).require_unedited()


@pytest.mark.parametrize("edit", ["", '{"question": "Whose cat?"}\n'])
def test_an_edited_file_is_not_replaced(output: QuestionOutput, edit: str) -> None:
    """Questions that were deleted or added are somebody's work."""
    output.write([FIRST, SECOND])
    output.file.write_text(output.file.read_text().partition("\n")[0] + "\n" + edit)
    with pytest.raises(InputError, match=r"exists, and was edited .* --out, or replace it with --force"):
        output.require_unedited()


def test_a_file_of_somebody_else_is_not_replaced(output: QuestionOutput) -> None:
    """It was there before."""
    output.file.write_text('{"question": "Who sat?"}\n')
    with pytest.raises(InputError, match="comes from elsewhere"):
        output.require_unedited()


def test_without_questions_there_is_no_file(output: QuestionOutput) -> None:
    """An empty file would only be refused later."""
    output.write([])
    assert not output.file.exists()


def test_two_processes_do_not_write_one_file(output: QuestionOutput) -> None:
    """The second is told to wait, or to name another."""
    other = QuestionOutput(output.file)
    with output.lock(), pytest.raises(InputError, match="another process generates questions into"), other.lock():
        pass
