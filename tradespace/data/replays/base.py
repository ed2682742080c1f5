"""Recorded calls of language models, as others published them: what is taken over, and how it is written down."""

from __future__ import annotations

import json
import lzma
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tradespace.types import Completion, Question, Timed


@dataclass(frozen=True, slots=True)
class RecordedCompletions:
    """What a model wrote for one question.

    Attributes:
        question: the question's text.
        completions: in the order in which they were drawn; `Timed` where it was recorded how long each took.
        kind: what it was asked to do (`direct`, `think`, `calculate`, `ask`, `judge`); empty: the same for all.
    """

    question: str
    completions: Sequence[Completion | Timed]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class PublishedReplay:
    """A published set: its questions, and what each model wrote, by the model's name."""

    questions: Sequence[Question]
    recordings: Mapping[str, Iterable[RecordedCompletions]]


def tokens_by_length(text: str) -> int:
    """Tokens of a text whose count was not recorded: four characters each, OpenAI's rule of thumb for English."""
    return math.ceil(len(text) / 4)


def estimated(text: str, prompt: str) -> Completion:
    """A completion whose tokens were not recorded."""
    return Completion(text, tokens_by_length(prompt), tokens_by_length(text))


def shares(total: int, weights: Sequence[float]) -> list[int]:
    """A whole number, cut in proportion to weights into whole numbers that sum up to it.

    >>> shares(10, [1, 1, 1])
    [4, 3, 3]
    """
    exact = [total * weight / sum(weights) for weight in weights]
    cut = [math.floor(share) for share in exact]
    order = sorted(range(len(exact)), key=lambda place: cut[place] - exact[place])
    for place in order[: total - sum(cut)]:
        cut[place] += 1
    return cut


def write_questions(questions: Sequence[Question], file: Path) -> None:
    """Write questions, one JSON object to a line."""
    rows = ({"id": question.id, "text": question.text, "answers": question.answers} for question in questions)
    _write(rows, file)


def write_recording(recorded: Iterable[RecordedCompletions], file: Path) -> None:
    """Write a recording in the format that the model `replay` reads; see docs/replays.md."""
    _write(map(_row, recorded), file)


def _row(recorded: RecordedCompletions) -> dict[str, Any]:
    kind = {"kind": recorded.kind} if recorded.kind else {}
    return {
        "question": recorded.question,
        **kind,
        "completions": [_completion(completion) for completion in recorded.completions],
    }


def _completion(drawn: Completion | Timed) -> dict[str, Any]:
    """A completion without what is not known of it."""
    seconds = drawn.seconds if isinstance(drawn, Timed) else None
    completion = drawn.outcome if isinstance(drawn, Timed) else drawn
    assert isinstance(completion, Completion)
    row = {
        "text": completion.text,
        "tokens_in": completion.tokens_in,
        "tokens_out": completion.tokens_out,
        "finish_reason": None if completion.finish_reason == "stop" else completion.finish_reason,
        "usd": completion.usd,
        "seconds": seconds,
    }
    return {name: value for name, value in row.items() if value is not None}


def _write(rows: Iterable[Mapping[str, Any]], file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows)
    file.write_bytes(lzma.compress(lines.encode(), preset=9))
