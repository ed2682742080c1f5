"""A model that replays recorded calls: the output of somebody else's model, as if you had it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from tradespace import files
from tradespace.addresses import file_digest
from tradespace.components.base import Operator
from tradespace.components.calls.replies import finish, heard
from tradespace.components.corpus import Corpus
from tradespace.components.llms.base import LanguageModel
from tradespace.components.prompts.base import PromptTemplate
from tradespace.components.prompts.standard import STANDARD
from tradespace.components.prompts.tasks import Task
from tradespace.encoding import encodable
from tradespace.errors import ComponentError, FileError, nearest
from tradespace.types import Completion, Failure, Message, NoAnswer, Prompt, Timed

RECORDINGS = Path(__file__).parent / "recordings"
SUFFIX = ".jsonl.xz"
MOST_RECORDED_TOKENS = 10**9
"""Of one prompt or completion; more can't be right."""


Text = Annotated[str, AfterValidator(encodable)]


class RecordedCompletion(BaseModel):
    """One recorded completion; `seconds` and `usd` where they were recorded."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Text
    tokens_in: int = Field(ge=0, le=MOST_RECORDED_TOKENS)
    tokens_out: int = Field(ge=0, le=MOST_RECORDED_TOKENS)
    finish_reason: str = Field(default="stop", pattern="^(stop|length)$")
    log_probability: float | None = Field(default=None, allow_inf_nan=False)
    usd: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    seconds: float | None = Field(default=None, ge=0, allow_inf_nan=False)


class RecordingRow(BaseModel):
    """What was recorded for a question; for every kind of task where `kind` is empty."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: Text
    kind: Text = ""
    completions: tuple[RecordedCompletion, ...] = Field(min_length=1)


Recording = Mapping[tuple[str, str], tuple[RecordedCompletion, ...]]
"""Completions by question and kind of task."""


class Replay(LanguageModel):
    """Answers with the i-th recorded completion when asked for sample i. Whatever was not recorded is a failure.

    A question is looked up by its text and by the kind of task (`direct`, `think`, `calculate`, `ask`, `judge`); the
    passages, the wording of instructions, temperature and length are ignored: they are those of the recording. Seconds
    and dollars are the recorded ones. See docs/replays.md for the format of a file, and for what is bundled.
    """

    name: ClassVar[str] = "replay"
    in_words: ClassVar[str] = "the recording {recording}"
    remote: ClassVar[bool] = True
    unkeyed: ClassVar[frozenset[str]] = frozenset({"recording"})

    recording: str = Field(
        default="game24/gpt-4", description="name of a bundled recording, or path of a JSONL file (.gz, .xz)"
    )

    @property
    def follows_instructions(self) -> bool:
        return False

    @property
    def listed_as(self) -> str:
        return self.recording.rpartition("/")[2]

    @property
    def batch_size(self) -> int:
        return 4096

    @property
    def weights_checksum(self) -> str:
        """What was recorded; where it lies is no part of an address."""
        return _digest(self.recording)

    @cached_property
    def key(self) -> str:
        return sha256(f"{self.name} {self.weights_checksum}".encode()).hexdigest()  # as before components had weights

    def messages(self, task: Task, prompt: PromptTemplate = STANDARD) -> tuple[Message, ...]:
        """The kind of task and the question: what recordings are looked up by.

        >>> from tradespace.components.prompts.tasks import DIRECT
        >>> [message.content for message in Replay().messages(Task(DIRECT, "4 5 6 10"))]
        ['direct', '4 5 6 10']
        """
        asked = f"{task.question}\n\nProposed answer: {task.proposed}" if task.proposed else task.question
        return (Message("system", task.instruction.kind), Message("user", asked), *task.turns)

    def open(self, corpus: Corpus) -> Operator:
        replayed = _Replayed(self.recording, _read(self.recording))
        return lambda prompts: [replayed.answer(prompt) for prompt in prompts]


@dataclass(frozen=True)
class _Replayed:
    """A recording at work."""

    name: str
    recording: Recording

    def answer(self, prompt: Prompt) -> Completion | Timed | Failure:
        kind, question, *turns = (message.content for message in prompt.messages)
        drawn = () if turns else self.recording.get((question, kind)) or self.recording.get((question, ""), ())
        if not drawn:
            return Failure(f"{self.name} has no recording of {question!r:.80} asked for {kind!r}{_after(turns)}")
        if prompt.sample >= len(drawn):
            number = prompt.sample + 1
            return Failure(f"{self.name} has {len(drawn)} samples of {question!r:.80}; sample {number} was asked for")
        return self._heard(prompt, drawn[prompt.sample])

    def _heard(self, prompt: Prompt, recorded: RecordedCompletion) -> Completion | Timed | Failure:
        """The completion, with its seconds where they were recorded. One that was recorded as empty is so."""
        completion = Completion(
            recorded.text,
            recorded.tokens_in,
            recorded.tokens_out,
            finish(recorded.finish_reason),
            recorded.log_probability,
            recorded.usd,
        )
        reply = heard(replace(prompt, may_be_empty=True), completion)
        if isinstance(reply, NoAnswer) or recorded.seconds is None:
            return reply
        return Timed(reply, recorded.seconds, host=f"recorded: {self.name}")


def bundled_recordings() -> tuple[str, ...]:
    """Names of the recordings that come with the package."""
    recorded = sorted(RECORDINGS.rglob(f"*{SUFFIX}"))
    return tuple(file.relative_to(RECORDINGS).as_posix().removesuffix(SUFFIX) for file in recorded)


def _after(turns: Sequence[str]) -> str:
    return f", and none of what follows a reply ({len(turns)} further messages)" if turns else ""


def _file(recording: str) -> Path:
    """The file of a recording.

    Raises:
        ComponentError: there is none.
        FileError: no file can be called so.
    """
    bundled = RECORDINGS / f"{recording}{SUFFIX}"
    with files.reachable(bundled):
        file = bundled if bundled.is_file() else files.expanded(recording)
    with files.reachable(file):
        is_there = file.exists()
    if not is_there:
        valid = nearest(recording, bundled_recordings())
        raise ComponentError(f"no recording is called {recording!r}, and no such file is there; {valid}, or a path")
    return file


@cache
def _digest(recording: str) -> str:
    try:
        file = _file(recording)
        files.check_regular(file)
        with files.reachable(file):
            return file_digest(file)
    except (ComponentError, FileError):
        return recording


@cache
def _read(recording: str) -> Recording:
    """Read a recording.

    Raises:
        ComponentError: there is none, or a line is not as it must be.
    """
    rows: dict[tuple[str, str], tuple[RecordedCompletion, ...]] = {}
    try:
        file = _file(recording)
        for number, line in enumerate(files.read_text(file).split("\n"), 1):
            if line.strip():
                row = _row(line, file, number)
                rows[row.question, row.kind] = rows.get((row.question, row.kind), ()) + row.completions
    except FileError as error:
        raise ComponentError(f"the recording cannot be read: {error}") from None
    return rows


def _row(line: str, file: Path, number: int) -> RecordingRow:
    value = files.json_value(line, file, number)
    try:
        return RecordingRow.model_validate(value)
    except ValidationError as error:
        wrong = error.errors()[0]
        raise ComponentError(
            f"{file}:{number}: a line of a recording has `question`, perhaps `kind`, and `completions` with `text`, "
            f"`tokens_in` and `tokens_out`; {'.'.join(map(str, wrong['loc']))}: {wrong['msg']}"
        ) from None
