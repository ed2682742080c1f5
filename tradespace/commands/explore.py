"""`tradespace explore`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tradespace.commands.conclusion import print_conclusion
from tradespace.commands.console import escape, wide_console
from tradespace.commands.entry import Exit
from tradespace.commands.live import live_page
from tradespace.commands.progress_display import Display
from tradespace.commands.spending import phases, spending
from tradespace.commands.under_load import loads_of, print_under_load
from tradespace.components.trust import Trust
from tradespace.errors import ModelUnavailableError
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.exploration import Exploration
from tradespace.explorer.files import read_data, read_to_run, study_to_explore, uninstalled
from tradespace.explorer.gathered_texts import keep_texts
from tradespace.explorer.results import Results
from tradespace.explorer.running.executors import executor_on
from tradespace.explorer.storage.study import StudyFolder
from tradespace.interrupts import interrupt_held_back
from tradespace.plurals import agreeing, count
from tradespace.reports.failures import troubles_of
from tradespace.reports.judging import judging_sentences
from tradespace.reports.sections.searched import search_sentences
from tradespace.reports.under_load import UnderLoadInfo
from tradespace.search_space.call_place import CallPlace


def run_exploration(
    file: Path,
    folder: Path | None,
    host: str | None = None,
    on: CallPlace | None = None,
    workers: int | None = None,
    *,
    unsandboxed: bool = False,
    ledger: str | None = None,
    live_port: int | None = None,
) -> Exit:
    """Explore a space into a study folder, write the report, and say the answer. `host` names this machine, `ledger`
    where calls are kept, if not in the folder; `on` and `workers` come before what the file says of where calls are
    made; with a `live_port`, 0 for any that is free, a page is served there meanwhile.
    """
    console = wide_console()
    specification = read_to_run(file, unsandboxed=unsandboxed)
    executor_of = executor_on(specification.run.overridden(on, workers))
    study = study_to_explore(specification, folder, ledger)
    reading = read_data(specification, [Trust.IMPORTS])
    dataset, grid = reading.dataset, specification.grid
    what = count(len(grid.settings), "recorded pipeline") if grid else count(len(dataset.documents), "document")
    questions = count(len(dataset.questions), "question")
    calls = f"; calls at {study.ledger_location}" if study.ledger_location else ""
    console.print(escape(f"{specification.name}: {what}, {questions}; study in {study.folder}{calls}"), soft_wrap=True)
    with Display(console) as display, live_page(display, study, specification.name, live_port) as progress:
        progress.warn([*map(str, reading.faults), *uninstalled(specification)])
        exploration = Exploration(specification, study, dataset, progress, host, executor_of)
        results, loads, report = explore_and_report(exploration)
    ended = print_conclusion(console, conclude(results))
    where = results.provenance
    told = (*search_sentences(where.search), *judging_sentences(results), spending(where), phases(where))
    for sentence in filter(None, told):
        console.print(escape(sentence), soft_wrap=True)
    print_under_load(console, loads)
    console.print(f"Report: {escape(str(report))}" if report else _nothing(results))
    if results.provenance.stopped:
        raise ModelUnavailableError(results.provenance.stopped)
    return Exit.INTERRUPTED if results.provenance.interrupted else ended


def explore_and_report(exploration: Exploration) -> tuple[Results, Sequence[UnderLoadInfo], Path | None]:
    """Explore, and write the report unless nothing was evaluated.

    Returns:
        What was found, what is said of each load, and where the report is.
    """
    specification, study, progress = exploration.specification, exploration.study, exploration.progress
    results = exploration.run()
    progress.warn(_failures(results))
    if results.explored:
        progress.phase("Writing the report")
    with interrupt_held_back():
        results = keep_texts(study, specification, exploration.dataset, results, progress)
        loads = loads_of(results, study.deployments())
        return results, loads, _report(results, study, loads)


def _failures(results: Results) -> list[str]:
    """How many pipelines failed while exploring and while confirming, and the most frequent reasons: the report has the
    others."""
    return [
        f"{len(failed):,} of {count(len(evaluations), 'pipeline')} failed on some question while {doing}; most often: "
        f"{troubles_of(failed)[0].message}"
        for evaluations, doing in ((results.explored, "exploring"), (results.confirmed, "confirming"))
        if (failed := [evaluation for evaluation in evaluations if evaluation.failures])
    ]


def _nothing(results: Results) -> str:
    """Why there is no report, and what to do."""
    ended = results.provenance.ended
    kept = f"{agreeing(results.provenance.calls_made, 'call is', 'calls are')} kept"
    if not ended:
        return f"Nothing was evaluated yet, so there is no report; {kept}: the same command continues."
    return f"Nothing was evaluated: {ended}. There is no report; {kept}. Raise the budget and explore again."


def _report(results: Results, study: StudyFolder, loads: Sequence[UnderLoadInfo]) -> Path | None:
    from tradespace.reports import write_report

    return write_report(results, study.report_path, loads, study.folder) if results.explored else None
