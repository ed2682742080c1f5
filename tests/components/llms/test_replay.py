"""Recorded calls answer as the model did that made them."""

from __future__ import annotations

import gzip
import json
import lzma
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.components.base import Operator
from tradespace.components.corpus import Corpus
from tradespace.components.llms.replay import Replay, bundled_recordings
from tradespace.components.prompts.tasks import DIRECT, JUDGE, THINK, Instruction, Task
from tradespace.components.store import ArtefactStore
from tradespace.errors import ComponentError
from tradespace.testing.component_contract import ComponentContract
from tradespace.types import Completion, Failure, Message, NoAnswer, Passage, Prompt, Timed

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
    return Prompt(Replay().messages(Task(instruction, question, (Passage("1", "1", "a passage"),))), sample=sample)


class TestComponent(ComponentContract):
    """The contract of every component."""


def test_sample_i_is_the_ith_recorded(operator: Operator) -> None:
    """With the tokens, dollars and seconds that were recorded; what was not recorded is not there."""
    first, second = operator([asked("who ?"), asked("who ?", sample=1)])
    assert isinstance(first, Timed)
    assert first.outcome == Completion("answer: a", 3, 2, usd=0.25)
    assert (first.seconds, first.host.startswith("recorded")) == (1.5, True)
    assert second == Completion("answer: b", 3, 2, "length", -1.0)


def test_recorded_thoughts_are_kept_apart(tmp_path: Path, corpus: Corpus) -> None:
    """Thoughts without an answer are none; what was recorded as empty stays so: it is what the model said."""
    texts = ["<think>a?</think>b", "<think>a?", ""]
    row = {"question": "who ?", "completions": [{"text": text, "tokens_in": 3, "tokens_out": 2} for text in texts]}
    file = tmp_path / "thoughts.jsonl"
    file.write_text(json.dumps(row))
    said, thought, empty = Replay(recording=str(file)).open(corpus)([asked("who ?", sample=n) for n in range(3)])
    assert said == Completion("b", 3, 2, thoughts="a?")
    assert isinstance(thought, NoAnswer)
    assert empty == Completion("", 3, 2)


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


@given(st.data())
def test_a_damaged_recording_is_read_or_refused_with_its_file(data: st.DataObject) -> None:
    """Cut anywhere, with any byte changed, or with something odd for a value, packed or not: never a traceback."""
    odd = data.draw(st.sampled_from(["1", "9" * 5000, "[" * 3000, '"\\ud83d"', "NaN", "-1", "null", "1e999", "\xff"]))
    text = "".join(json.dumps(row) + "\n" for row in ROWS).replace("3", odd, 1).encode("latin-1")
    suffix, pack = data.draw(st.sampled_from([(".jsonl", bytes), (".jsonl.gz", gzip.compress), (".xz", lzma.compress)]))
    content = bytearray(pack(text))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] = data.draw(st.integers(0, 255))
    with tempfile.TemporaryDirectory() as folder:
        for name, damaged in {"changed": content, "cut": content[:place]}.items():
            file = Path(folder) / f"{name}{suffix}"
            file.write_bytes(damaged)
            model = Replay(recording=str(file))
            assert model.key
            try:
                model.open(Corpus((), ArtefactStore(Path(folder))))([asked("who ?")])
            except ComponentError as error:
                assert str(file) in str(error)


def test_half_a_character_in_a_recording_is_replaced(tmp_path: Path, corpus: Corpus) -> None:
    """Neither the ledger nor a report could hold it."""
    file = tmp_path / "half.jsonl"
    file.write_text('{"question": "who ?", "completions": [{"text": "a \\ud83d", "tokens_in": 1, "tokens_out": 1}]}')
    [completion] = Replay(recording=str(file)).open(corpus)([asked("who ?")])
    assert completion == Completion("a \ufffd", 1, 1)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("~nobody-of-that-name/own.jsonl", "after ~ there must be nothing or a user of this machine"),
        ("/dev/zero", "must be a regular file; it is a device"),
        ("x" * 300, "the file cannot be read"),
    ],
)
def test_a_recording_that_is_no_file_is_refused(name: str, problem: str, corpus: Corpus) -> None:
    """Before anything is read; its key is asked for earlier, and is no traceback either."""
    assert Replay(recording=name).key
    with pytest.raises(ComponentError, match=problem):
        Replay(recording=name).open(corpus)
