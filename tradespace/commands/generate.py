"""`tradespace data generate`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tradespace.commands.console import escape, wide_console
from tradespace.commands.entry import Exit
from tradespace.commands.generated_questions import print_generated
from tradespace.commands.progress_display import Display
from tradespace.commands.question_model import QuestionModel, question_model
from tradespace.data.generation.written import GeneratedType
from tradespace.data.readers.files import read_documents
from tradespace.errors import InputError, nearest
from tradespace.explorer.generating.base import QuestionWriter
from tradespace.explorer.generating.examiner import model_examiner, reader_examiner
from tradespace.explorer.generating.generation import GeneratedQuestions, QuestionGeneration
from tradespace.explorer.generating.model_writer import ModelWriter
from tradespace.explorer.generating.output import QuestionOutput
from tradespace.explorer.generating.rule_writer import RuleWriter
from tradespace.explorer.running.bill import Bill
from tradespace.explorer.running.budget import Budget
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.plurals import count
from tradespace.search_space.sections import BudgetLimits
from tradespace.types import Document


@dataclass(frozen=True)
class GenerationWishes:
    """What is wanted.

    Attributes:
        questions: how many.
        model: what writes them, as YAML or a notation says it; rules do where there is neither it nor a space.
        space: a space file with the model that writes, and its prices.
        types: those that are wanted; all that the writer can write if empty.
        limits: what this run may take.
        seed: which passages come first, and where drawing starts.
        temperature: how freely the model writes.
    """

    questions: int
    model: str | None = None
    space: Path | None = None
    types: Sequence[str] = ()
    limits: BudgetLimits = field(default_factory=BudgetLimits)
    seed: int = 0
    temperature: float = 1.0


def run_generation(folder: Path, wishes: GenerationWishes, file: Path | None, *, force: bool) -> Exit:
    """Write questions about the documents of a folder into a file, and say what became of all that were tried.

    Raises:
        InputError: the documents, the model, a type or the file are wrong.
        ComponentError: a package that the model needs is not installed.
    """
    console = wide_console()
    output = QuestionOutput(file or _beside(folder))
    if output.file.suffix != ".jsonl":
        raise InputError(f"questions are written as JSON lines: --out must end in .jsonl; given: {output.file}")
    chosen = question_model(wishes.model, wishes.space, wishes.limits)
    writer = _writer(wishes, chosen)
    types = _types(wishes.types, writer)
    reading = read_documents(folder, "skip")
    documents = reading.required().documents
    for fault in reading.faults:
        console.print(f"[yellow]warning:[/yellow] {escape(str(fault))}", soft_wrap=True)
    with output.lock():
        if not force:
            output.require_unedited()
        with Display(console) as display:
            display.phase(f"Generating questions about {count(len(documents), 'document')}, by {writer.name}")
            recorded_calls = _recorded_calls(documents, output, wishes.limits, chosen, display)
            examiner = model_examiner(chosen.model) if chosen else reader_examiner()
            generation = QuestionGeneration(writer, examiner, recorded_calls, types, wishes.seed)
            generated = generation.run(wishes.questions, partial(_save, wishes.questions, output, display))
        print_generated(console, generated, wishes.questions, output, recorded_calls.budget)
    return Exit.DONE if generated.questions else Exit.FAILED


def _beside(folder: Path) -> Path:
    """Where questions lie beside a folder of documents."""
    named = folder if folder.name not in ("", "..") else folder.resolve()
    return named.parent / "questions.jsonl"


def _writer(wishes: GenerationWishes, chosen: QuestionModel | None) -> QuestionWriter:
    return ModelWriter(chosen.model, wishes.seed, wishes.temperature) if chosen else RuleWriter(wishes.seed)


def _types(wanted: Sequence[str], writer: QuestionWriter) -> list[GeneratedType]:
    """The types that are wanted.

    Raises:
        InputError: there is no such type, or the writer cannot write it.
    """
    for name in wanted:
        if name not in writer.types:
            by_model = name in list(GeneratedType)
            told = ". A language model can: name one with --model" if by_model else ""
            raise InputError(
                f"{writer.name} cannot write questions of the type {name!r}{told}. {nearest(name, writer.types)}"
            )
    return [GeneratedType(name) for name in dict.fromkeys(wanted)]


def _recorded_calls(
    documents: Sequence[Document],
    output: QuestionOutput,
    limits: BudgetLimits,
    chosen: QuestionModel | None,
    display: Display,
) -> RecordedCalls:
    budget = Budget(limits)
    seconds = None if limits.minutes is None else limits.minutes * 60
    budget.allow(calls=limits.calls, usd=limits.usd, seconds=seconds)
    opened = OpenedComponents(documents, output.artefacts, display.working)
    return RecordedCalls(opened, output.ledger, budget, Bill(chosen.prices if chosen else None).total)


def _save(wanted: int, output: QuestionOutput, display: Display, so_far: GeneratedQuestions) -> None:
    output.write(so_far.questions)
    display.working(f"{len(so_far.questions):,} of {count(wanted, 'question')} kept, {so_far.tried:,} tried")
