"""Recorded calls answer as the model did that made them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tradespace.components.base import Operator
from tradespace.components.corpus import Corpus
from tradespace.components.llms.replay import Replay, bundled_recordings
from tradespace.components.llms.tasks import DIRECT, JUDGE, THINK, Instruction, Task
from tradespace.errors import ComponentError
from tradespace.testing.component_contract import ComponentContract
from tradespace.types import Completion, Failure, Message, Prompt, Timed

ROWS = [
    {
        "question": "who ?",
        "kind": "think",
        "completions": [
            {"text": "answer: a", "tokens_in": 3, "tokens_out": 2, "seconds": 1.5, "usd": 0.25},
            {"text": "answer: b", "tokens_in": 3, "tokens_out": 2, "finish_reason": "length", "log_probability": -1.0},
        ],
    },
    {"question": "where ?", "completions": [{"text": "there", "tokens_in": 2, "tokens_out": 1}]},
]


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    file = tmp_path / "own.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return file


@pytest.fixture
def component(recording: Path) -> Replay:
    return Replay(recording=str(recording))


@pytest.fixture
def operator(component: Replay, corpus: Corpus) -> Operator:
    return component.open(corpus)


def asked(question: str, instruction: Instruction = THINK, sample: int = 0) -> Prompt:
    """What a strategy asks a replay."""
    return Prompt(Replay().messages(Task(instruction, question, ("a passage",))), sample=sample)


class TestComponent(ComponentContract):
    """The contract of every component."""


def test_sample_i_is_the_ith_recorded(operator: Operator) -> None:
    """With the tokens, dollars and seconds that were recorded; what was not recorded is not there."""
    first, second = operator([asked("who ?"), asked("who ?", sample=1)])
    assert isinstance(first, Timed)
    assert first.outcome == Completion("answer: a", 3, 2, usd=0.25)
    assert (first.seconds, first.host.startswith("recorded")) == (1.5, True)
    assert second == Completion("answer: b", 3, 2, "length", -1.0)


def test_a_row_without_a_kind_answers_every_kind(operator: Operator) -> None:
    """Recordings often hold one way of being asked."""
    assert operator([asked("where ?", DIRECT), asked("where ?", JUDGE)]) == [Completion("there", 2, 1)] * 2


@pytest.mark.parametrize(
    ("prompt", "why"),
    [
        (asked("when ?"), "no recording of 'when ?' asked for 'think'"),
        (asked("who ?", DIRECT), "no recording of 'who ?' asked for 'direct'"),
        (asked("who ?", sample=2), "has 2 samples of 'who ?'; sample 3 was asked for"),
        (Prompt((*asked("who ?").messages, Message("user", "sure ?"))), "none of what follows a reply"),
    ],
)
def test_what_was_not_recorded_is_a_failure(operator: Operator, prompt: Prompt, why: str) -> None:
    """It says what is missing; the others in the batch are answered."""
    failed, answered = operator([prompt, asked("where ?")])
    assert isinstance(failed, Failure)
    assert why in failed.message
    assert answered == Completion("there", 2, 1)


def test_a_proposed_answer_is_part_of_what_is_asked(component: Replay) -> None:
    """A judgement of one answer is not that of another."""
    left, right = (component.messages(Task(JUDGE, "who ?", proposed=one)) for one in "ab")
    assert left != right


def test_the_key_is_what_was_recorded(recording: Path, component: Replay, tmp_path: Path) -> None:
    """A copy elsewhere shares its calls; a file that was changed does not."""
    copied, changed = tmp_path / "copy.jsonl", tmp_path / "changed.jsonl"
    copied.write_text(recording.read_text())
    changed.write_text(recording.read_text().replace("there", "here"))
    assert Replay(recording=str(copied)).key == component.key != Replay(recording=str(changed)).key


def test_compressed_files_are_read(recording: Path, tmp_path: Path, corpus: Corpus) -> None:
    """By the end of their names."""
    packed = tmp_path / "packed.jsonl.gz"
    packed.write_bytes(gzip.compress(recording.read_bytes()))
    assert Replay(recording=str(packed)).open(corpus)([asked("where ?")]) == [Completion("there", 2, 1)]


def test_a_line_that_is_none_is_named(tmp_path: Path, corpus: Corpus) -> None:
    """By file and number, with what a line has."""
    broken = tmp_path / "broken.jsonl"
    broken.write_text(json.dumps(ROWS[1]) + '\n{"question": "who ?", "completions": []}\n')
    with pytest.raises(ComponentError, match=r"broken\.jsonl:2: a line of a recording has `question`.*completions"):
        Replay(recording=str(broken)).open(corpus)


def test_an_unknown_recording_is_answered_with_the_nearest(corpus: Corpus) -> None:
    """It may be a path that is not there: the error speaks of both."""
    with pytest.raises(ComponentError, match=r"'game24/gpt4'.*did you mean 'game24/gpt-4'"):
        Replay(recording="game24/gpt4").open(corpus)


@pytest.mark.parametrize("name", bundled_recordings())
def test_every_bundled_recording_is_read(name: str, corpus: Corpus) -> None:
    """All lines are as documented."""
    Replay(recording=name).open(corpus)
