"""`tradespace load`."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from tradespace.commands.console import escape, wide_console
from tradespace.commands.entry import Exit
from tradespace.commands.load_arrivals import LoadWishes, load_arrivals, option_seconds
from tradespace.components.remote.background import in_background
from tradespace.data.readers.files import read_questions
from tradespace.errors import InputError
from tradespace.evals.statistics import Estimate
from tradespace.explorer.files import read_data, specification_of
from tradespace.explorer.storage.study import StudyFolder
from tradespace.extras import missing
from tradespace.files import expanded
from tradespace.plurals import count
from tradespace.reports.words import both_ends, bound, duration, percent, rough_duration
from tradespace.secrets import read_secret
from tradespace.serving.load_generator.record import LoadRecord
from tradespace.serving.load_generator.summary import LoadSummary, summarize_load
from tradespace.types import Question

if TYPE_CHECKING:
    from tradespace.serving.load_generator.asking import Asking
    from tradespace.serving.load_generator.generator import LoadGenerator


@dataclass(frozen=True)
class QuestionSource:
    """Where the questions are: in a file, or in a study."""

    file: Path | None
    study: Path | None


@dataclass(frozen=True)
class ServerWishes:
    """How the command line says that a server is to be asked."""

    url: str
    api: str | None
    model: str
    key_from: str
    allow_remote: tuple[str, ...]
    timeout: str


def run_load(
    server: ServerWishes, wishes: LoadWishes, source: QuestionSource, sla: str | None, output: Path | None
) -> Exit:
    """Send a load to a server and print what became of it; interrupted, what is known.

    Raises:
        InputError: an option is wrong, or there is no server that can be asked.
        OSError: the table cannot be written.
    """
    if problem := missing(["httptools", "uvicorn"]):
        raise InputError(f"`tradespace load` {problem}")
    from tradespace.serving.connections import allow_many_connections
    from tradespace.serving.load_generator.generator import LoadGenerator

    within, warm_up = option_seconds(sla, "--sla"), option_seconds(wishes.warm_up, "--warm-up") or 0.0
    arrivals, questions = load_arrivals(wishes), _questions(source, wishes.seed)
    if output and not output.parent.is_dir():
        raise InputError(f"--output: there is no folder {output.parent}")
    generator = LoadGenerator(_asking(server, questions[0].text), arrivals.tolist(), questions, warm_up)
    allow_many_connections()
    requests = count(len(arrivals), "request")
    print(f"Sending {requests} in {rough_duration(arrivals[-1])}. Ctrl-C ends it with what is known.", flush=True)
    interrupted = _is_interrupted(generator)
    if output:
        generator.record.write(output)
    summary = summarize_load(generator.record, within)
    _print(generator.record, summary, within, output)
    return Exit.INTERRUPTED if interrupted else Exit.DONE if summary.answered else Exit.FAILED


def _is_interrupted(generator: LoadGenerator) -> bool:
    """Send the load; whether that was interrupted."""
    try:
        in_background(generator.run())
    except KeyboardInterrupt:
        return True
    return False


def _asking(server: ServerWishes, question: str) -> Asking:
    """How the server is asked, found out by asking it."""
    from tradespace.serving.load_generator.apis import candidate_apis
    from tradespace.serving.load_generator.asking import TIMEOUT, Asking
    from tradespace.serving.load_generator.probing import found_api
    from tradespace.serving.load_generator.target import load_target

    target = load_target(server.url, server.allow_remote)
    timeout = option_seconds(server.timeout, "--timeout") or TIMEOUT
    asking = Asking(target, timeout=timeout, key=read_secret(server.key_from), model=server.model)
    return in_background(found_api(asking, candidate_apis(server.api, target.path), question))


def _questions(source: QuestionSource, seed: int) -> list[Question]:
    """In an order that the seed determines."""
    if (source.file is None) == (source.study is None):
        raise InputError("say what to ask: either --questions with a file of questions, or --study with a folder")
    questions = list(read_questions(source.file) if source.file else _of_study(StudyFolder(source.study or "")))
    random.Random(seed).shuffle(questions)
    return questions


def _of_study(study: StudyFolder) -> Sequence[Question]:
    specification = specification_of(study)
    data = specification.data
    if data.langchain_loader and data.questions:  # what loads the documents is not needed, and not trusted here
        return read_questions(specification.folder / expanded(data.questions))
    return read_data(specification).dataset.questions


def _print(record: LoadRecord, summary: LoadSummary, sla: float | None, output: Path | None) -> None:
    console = wide_console()
    console.print(f"[bold]{_answered(summary)}[/bold]")
    for status, number in summary.failures.items():
        console.print(f"  {number:,} failed: {escape(status)}")
    if (unsent := record.scheduled - len(record.requests)) > 0:
        console.print(f"  {count(unsent, 'request')} of the schedule not sent: the load ended early")
    if summary.sent:
        _print_latency(console, summary, sla)
    if output:
        console.print(f"{output}", soft_wrap=True)


def _answered(summary: LoadSummary) -> str:
    rates = ""
    if summary.offered and summary.achieved:
        rates = f": {summary.achieved:.3g} a second, of {summary.offered:.3g} that arrived"
    return f"{summary.answered:,} of {count(summary.sent, 'request')} answered{rates}"


def _print_latency(console: Console, summary: LoadSummary, sla: float | None) -> None:
    table = Table("", "latency", "95 % interval")
    for probability, estimate in summary.latency.items():
        table.add_row(f"p{probability * 100:g}", duration(estimate.value), _interval(estimate))
    console.print(table)
    if summary.attainment and sla is not None:
        console.print(f"Within {bound(sla)}: {_share(summary.attainment)}")
    if summary.queued is not None and summary.served is not None:
        means = f"{duration(summary.queued)} queued, {duration(summary.served)} served"
        console.print(f"By the server's own account, in the mean: {means}")
    console.print(_lag(summary), soft_wrap=True)
    if any(estimate.high == float("inf") for estimate in summary.latency.values()):
        console.print("Where an interval has no end, the load was too short, or too much failed.")


def _interval(estimate: Estimate) -> str:
    return both_ends(duration(estimate.low), duration(estimate.high))


def _share(estimate: Estimate) -> str:
    low, high = (percent(end or 0.0).removesuffix(" %") for end in (estimate.low, estimate.high))
    return f"{percent(estimate.value or 0.0)} ({low}–{high} %)"


def _lag(summary: LoadSummary) -> str:
    if summary.lag is None:
        return ""
    lag = summary.lag
    said = f"{duration(lag.p50)} at p50, {duration(lag.p99)} at p99, {duration(lag.longest)} at most"
    if summary.is_late:
        return (
            f"[bold]Warning:[/bold] the generator itself was late, by {said}: this machine is too busy, so a part of "
            "these latencies is not the server's"
        )
    return f"The generator itself was late by {said}"
