"""`tradespace ask`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tradespace.commands.console import SHOWN_PASSAGES, escape, wide_console
from tradespace.commands.exchanges import print_exchanges
from tradespace.commands.passages import named_passage, shown_answer
from tradespace.components.base import Pipeline
from tradespace.components.notation import parse
from tradespace.components.trust import Trust, demand
from tradespace.errors import InputError
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.files import read_data, specification_of
from tradespace.explorer.running.one_question import AnsweredQuestion, answer_question
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.storage.study import StudyFolder
from tradespace.plurals import count
from tradespace.types import Document

SHOWN_CHARACTERS = 300


def print_answer(
    folder: Path, question: str, notation: str | None, allowed: Collection[Trust], *, prompts: bool
) -> None:
    """Answer a question with the recommended pipeline, or with the one given; on demand, show what models were sent.

    Raises:
        InputError: the pipeline needs a trust that is not among those allowed: a study may come from somebody else.
    """
    study = StudyFolder(folder)
    pipeline = parse(notation or recommended_pipeline(study))
    demand(pipeline, allowed)
    dataset = read_data(specification_of(study), allowed).dataset
    opened = OpenedComponents(dataset.documents, study.artefacts)
    asked = answer_question(pipeline, opened, question)
    console = wide_console()
    _print(console, asked, pipeline, {document.id: document for document in opened.documents_of(pipeline)})
    if prompts:
        print_exchanges(console, asked.exchanges)


def recommended_pipeline(study: StudyFolder) -> str:
    """The notation of the pipeline that a study recommends, or else of the nearest to one.

    Raises:
        InputError: there is none.
    """
    conclusion = conclude(study.results())
    chosen = conclusion.recommended or conclusion.best or conclusion.nearest
    if chosen is None:
        raise InputError(
            f"{study.folder} recommends no pipeline, and `tradespace show` says why. Name one with --pipeline"
        )
    return chosen.evaluation.pipeline


def _print(console: Console, asked: AnsweredQuestion, pipeline: Pipeline, documents: Mapping[str, Document]) -> None:
    console.print(f"[bold]{escape(shown_answer(asked.answer))}[/bold]")
    if asked.answer:
        console.print(f"score {asked.answer.score:.3f}, from {escape(asked.answer.passage_id or 'no passage')}")
    for place, scored in enumerate(asked.passages[:SHOWN_PASSAGES], start=1):
        text = scored.passage.text
        shown = text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]} …"
        name = named_passage(scored.passage, documents)
        console.print(f"\n[bold]{place}[/bold] {escape(name)} ({scored.score:.3f})\n{escape(shown)}")
    if (more := len(asked.passages) - SHOWN_PASSAGES) > 0:
        console.print(f"\n… and {more} more")
    console.print(_spans(asked))
    if kept := sum(exchange.cached for exchange in asked.exchanges):
        console.print(
            f"A server had kept {count(kept, 'token')} of what it was sent from earlier, and did not read them again: "
            "a question that comes for the first time takes longer."
        )
    console.print(escape(str(pipeline)), soft_wrap=True)


def _spans(asked: AnsweredQuestion) -> Table:
    table = Table("stage", "component", "ms", title="Where the time went")
    table.columns[2].justify = "right"
    for span in asked.spans:
        table.add_row(span.stage, escape(span.component), f"{span.seconds * 1000:.1f}")
    table.add_section()
    table.add_row("all", "", f"{sum(span.seconds for span in asked.spans) * 1000:.1f}")
    return table
