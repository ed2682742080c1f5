"""`tradespace import`: what a running system recorded becomes data, a load, and a point to start from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from tradespace.commands.console import escape, wide_console
from tradespace.components.notation import parse
from tradespace.data.traces import ImportedFiles, Keeping, ReadingAccount, kept_fields, read_requests, write_files
from tradespace.data.traces.requests import RecordedRequest
from tradespace.errors import InputError
from tradespace.explorer.observed import OBSERVED_FILE, ObservedSystem, observed_system
from tradespace.plurals import count
from tradespace.reports.observed import observed_figure
from tradespace.reports.words import listed, listed_in_part

NAMED_COUNTS = 5


@dataclass(frozen=True, slots=True)
class ImportWishes:
    """What is asked for, as texts.

    Attributes:
        keep, drop: fields of requests.
        scores: which measure a recorded score is, as `NAME=MEASURE`.
        pipeline: what runs there, in the notation of pipelines.
        replace: whether files of an earlier import are replaced.
    """

    keep: Sequence[str] = ()
    drop: Sequence[str] = ()
    scores: Sequence[str] = ()
    pipeline: str = ""
    replace: bool = False


def import_traces(paths: Sequence[Path], folder: Path, wishes: ImportWishes) -> None:
    """Read files of traces, write what is kept of them into a folder, and say what that is.

    Raises:
        InputError: a wish is none, a file cannot be read or holds no trace, or the folder holds an earlier import.
    """
    console, account = wide_console(), ReadingAccount()
    keeping, measures = kept_fields(wishes.keep, wishes.drop), _measures(wishes.scores)
    runs = parse(wishes.pipeline) if wishes.pipeline else None
    _require_free(folder, replace=wishes.replace)
    requests = read_requests(paths, account)
    system = observed_system(requests, sorted(account.formats), measures if keeping.keeps("scores") else None)
    if runs:
        stages = {stage: repr(component) for stage, component in runs.stages.items()}
        system = system.model_copy(update={"pipeline": str(runs), "components": stages})
    written = write_files(requests, folder, keeping)
    (folder / OBSERVED_FILE).write_text(system.model_dump_json(indent=2), encoding="utf-8")
    _print_reading(console, account, requests)
    _print_system(console, system)
    _print_files(console, written, folder, keeping)


def _measures(scores: Sequence[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in scores]
    for text, (name, sign, measure) in zip(scores, pairs, strict=True):
        if not (name and sign and measure):
            message = "--score must name a recorded score and a measure, as in correctness=answer_f1"
            raise InputError(f"{message}; given: {text!r}")
    return {name.strip(): measure.strip() for name, _, measure in pairs}


def _require_free(folder: Path, *, replace: bool) -> None:
    if not replace and (folder / OBSERVED_FILE).exists():
        raise InputError(
            f"{folder} holds an earlier import: name another folder with --out, or replace its files with --force"
        )


def _print_reading(console: Console, account: ReadingAccount, requests: Sequence[RecordedRequest]) -> None:
    """How much was read, and what was left out, with places."""
    formats = listed([f"{count(many, 'value')} of {name}" for name, many in account.formats.items()])
    console.print(escape(f"{count(len(requests), 'request')} in {formats}."), soft_wrap=True)
    for fault in account.faults:
        console.print(f"[yellow]warning:[/yellow] {escape(str(fault))}", soft_wrap=True)
    if account.skipped:
        reasons = [f"{many:,} × {reason}" for reason, many in account.skipped.most_common()]
        named = listed_in_part(reasons, NAMED_COUNTS)
        console.print(f"[yellow]warning:[/yellow] left out: {escape(named)}", soft_wrap=True)


def _print_system(console: Console, system: ObservedSystem) -> None:
    for line in _system_lines(system):
        console.print(escape(f"  {line}"), soft_wrap=True)


def _system_lines(system: ObservedSystem) -> Iterator[str]:
    """Its figures and its stages, as far as they are known."""
    for name, figure in system.figures.items():
        yield f"{name:<20}{observed_figure(figure, name)}"
    for name, stage in system.stages.items():
        used = {"s": stage.seconds, "tokens in": stage.tokens_in, "tokens out": stage.tokens_out}
        known = [f"{value:,.3g} {unit}" for unit, value in used.items() if value is not None]
        yield f"{name:<20}{', '.join(known) or 'used'} in the mean, {count(stage.requests, 'request')}"
    if system.failed:
        yield f"{count(system.failed, 'request')} failed: infinitely slow"
    if system.untimed:
        yield f"{count(system.untimed, 'request')} say not how long they took, and are in no latency"


def _print_files(console: Console, files: ImportedFiles, folder: Path, keeping: Keeping) -> None:
    """What was written, what was not kept, and what to do next."""
    for path, (many, what) in files.written.items():
        console.print(escape(f"{path}: {count(many, what)}"), soft_wrap=True)
    console.print(escape(f"{folder / OBSERVED_FILE}: the system, for the section `observed`"), soft_wrap=True)
    kept = listed(keeping.fields) or "numbers alone"
    console.print(escape(f"Kept: {kept}; nothing else of the recordings."), soft_wrap=True)
    for line in _next_steps({path.name for path in files.written}, folder):
        console.print(escape(line), soft_wrap=True)


def _next_steps(written: set[str], folder: Path) -> Iterator[str]:
    if {"questions.jsonl", "documents.jsonl"} <= written:
        yield f"As data: `data: {{dataset: {folder}}}`. Its questions lack `answers`: add them, or let a model judge."
    if "load.csv" in written:
        yield f"As a load: `deployment: {{load: {{trace: {folder / 'load.csv'}}}}}`"
    yield f"As the point to start from: `observed: {folder / OBSERVED_FILE}`"
