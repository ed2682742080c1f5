"""`tradespace status`, `show` and `report`: queries over a study; nothing is run."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table

from tradespace.commands.console import escape, wide_console
from tradespace.commands.entry import Exit
from tradespace.commands.spending import phases, spending
from tradespace.errors import InputError
from tradespace.explorer.conclusions.conclusion import Conclusion, conclude
from tradespace.explorer.results import NO_REPLIES, QuestionSet, Results
from tradespace.explorer.storage.study import Study
from tradespace.reports.answer import Verdict, answer
from tradespace.reports.info import pipeline_numbers
from tradespace.reports.latency import timing_info, timing_sentences
from tradespace.reports.replies import all_replies, reply_sentences
from tradespace.reports.splits import split_sentence
from tradespace.reports.table import Table as PipelinesTable
from tradespace.reports.table import pipelines_table
from tradespace.reports.words import count, space_size
from tradespace.search_space.goals import ServiceLevel, seconds

EXITS = {
    Verdict.CONFIRMED: Exit.DONE,
    Verdict.UNCONFIRMED: Exit.DONE,
    Verdict.MISSED: Exit.SLA_NOT_MET,
    Verdict.NOTHING: Exit.FAILED,
}


def print_frontier(folder: Path, sla: str | None, host: str | None) -> Exit:
    """Print the answer and the frontier, timed on `host`; say how the command ends."""
    console = wide_console()
    results = Study(folder).results(host)
    conclusion = conclude(results, other_sla(results, sla))
    ended = print_conclusion(console, conclusion)
    _print_table(console, pipelines_table(conclusion, pipeline_numbers(results), frontier_only=True))
    where = results.provenance
    notes = (*reply_sentences(results), *timing_sentences(timing_info(results)), spending(where), phases(where))
    for note in notes:
        if note:
            console.print(f"[dim]{escape(note)}[/dim]", soft_wrap=True)
    return ended


def _print_table(console: Console, table: PipelinesTable) -> None:
    """The figures as a table, and below it the pipelines, which are too long for a column."""
    columns = [place for place, name in enumerate(table.columns) if name != "pipeline"]
    shown = Table(*(escape(table.columns[place]) for place in columns))
    for row in table.rows:
        shown.add_row(*(escape(row.cells[place].text) for place in columns))
    console.print(shown)
    for row in table.rows:
        console.print(escape(f"{row.cells[0].text:>5} {row.pipeline}"), soft_wrap=True)


def print_conclusion(console: Console, conclusion: Conclusion) -> Exit:
    """Print the answer in sentences; say how a command that asked for it ends."""
    told = answer(conclusion)
    console.print(f"[bold]{escape(told.headline)}[/bold]", soft_wrap=True)
    if told.pipeline:
        console.print(f"  {escape(told.pipeline)}", soft_wrap=True)
    if split := split_sentence(conclusion):
        console.print(escape(split), soft_wrap=True)
    for note in told.notes:
        console.print(f"[dim]{escape(note)}[/dim]", soft_wrap=True)
    return EXITS[told.verdict]


def write_report_of(folder: Path, sla: str | None, host: str | None, output: Path | None) -> Path:
    """Write the report anew and return where it is.

    Raises:
        InputError: it is to stand in the study, which cannot be written.
    """
    from tradespace.reports import write_report

    study = Study(folder)
    if output is None and study.exists and not study.writable:
        raise InputError(f"{folder} cannot be written: say where the report goes with --output FILE")
    results = study.results(host)
    return write_report(results, output or study.report_path, other_sla(results, sla))


def other_sla(results: Results, text: str | None) -> ServiceLevel | None:
    """The study's SLA with another bound; one on the 95th percentile where the study has none.

    Raises:
        InputError: the text is no duration.
    """
    if text is None:
        return results.sla
    try:
        bound = seconds(text)
    except ValueError as error:
        raise InputError(f"--sla {error}") from None
    sla = results.sla or ServiceLevel("latency_p95", bound)
    return ServiceLevel(sla.measure, bound, sla.split)


def print_status(folder: Path) -> None:
    """Say how far a study has come, what it holds and what it took."""
    study = Study(folder)
    results = study.results()
    console = wide_console()
    for name, value in _status(study, results).items():
        console.print(f"{name:<12}{escape(value)}", soft_wrap=True)


def _status(study: Study, results: Results) -> dict[str, str]:
    where = results.provenance
    space = space_size(where.space_size, exact=where.space_size_exact)
    exploring, confirming = (
        sum(bool(evaluation.failures) for evaluation in evaluations)
        for evaluations in (results.explored, results.confirmed)
    )
    shared = where.calls_asked / where.calls_made if where.calls_made else 1.0
    return {
        "study": f"{results.name} ({study.folder})",
        "state": _state(results),
        "pipelines": f"{len(results.explored):,} of {space} explored, {len(results.confirmed):,} confirmed",
        "questions": ", ".join(f"{where.questions[name]:,} to {name}" for name in QuestionSet),
        "data": f"{where.dataset}, {where.documents:,} documents",
        "failures": f"{count(exploring, 'pipeline')} failed on some question while exploring, "
        f"{confirming:,} while confirming",
        **_replies(results),
        "calls": f"{where.calls_made:,} made for {where.calls_asked:,} asked (each shared {shared:.1f} times)",
        "time": f"{where.seconds_spent:.0f} s",
        "host": where.host,
        "size": f"{_megabytes(study.folder):.1f} MB",
    }


def _replies(results: Results) -> dict[str, str]:
    """How language models replied, where any did."""
    replies = all_replies(results)
    if replies == NO_REPLIES:
        return {}
    return {
        "replies": f"{replies.read:,} read, {replies.cut_off:,} of them cut off at max_tokens; "
        f"{count(replies.no_answer, 'question')} failed because a reply was no answer"
    }


def _state(results: Results) -> str:
    """Whether a study is finished, and why its search ended where that was not for want of pipelines."""
    where = results.provenance
    if where.stopped:
        return f"stopped: {where.stopped}"
    if where.interrupted:
        return "unfinished: the same explore command continues it"
    if not results.explored:
        return f"nothing was evaluated: {where.ended or 'no pipeline was proposed'}"
    return f"finished: {where.ended}" if where.ended else "finished"


def _megabytes(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
