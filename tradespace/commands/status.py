"""`tradespace status`: prints the progress from the records of a study; runs nothing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from tradespace.commands.console import escape, wide_console
from tradespace.commands.formats import TableFormat, print_answer_as, require_terminal
from tradespace.explorer.results import NO_REPLIES, Evaluation, QuestionSet, Results
from tradespace.explorer.storage.study import StudyFolder
from tradespace.plurals import count
from tradespace.reports.columns import PlainValue
from tradespace.reports.replies import all_replies
from tradespace.reports.words import space_size


@dataclass(frozen=True, slots=True)
class StudyStatus:
    """How far a study has come: what JSON and CSV hold, under these names.

    Attributes:
        study, folder: its name, and where it is.
        state: whether it is finished, and why its search ended, in words.
        finished: whether nothing is left to be done.
        explored, confirmed: pipelines.
        space_size: pipelines that the space allows; null where there are infinitely many.
        space_size_exact: whether they were counted; an estimate otherwise.
        questions_to_explore, questions_to_confirm: how many there are.
        dataset, documents, generated: the data; of generated questions how many there are, and by what, in words.
        failed_exploring, failed_confirming: pipelines that failed on some question.
        replies, replies_cut_off, questions_without_answer: how language models replied.
        calls_made, calls_asked: distinct calls, and how many pipelines asked for.
        seconds: that all runs took.
        usd_for_calls: dollars of the calls that were made, where their models have prices.
        host: whose timings are shown.
        megabytes: of all its files.
        ledger: where its calls are kept, if not in its folder; empty where they are.
    """

    study: str
    folder: str
    state: str
    finished: bool
    explored: int
    confirmed: int
    space_size: int | None
    space_size_exact: bool
    questions_to_explore: int
    questions_to_confirm: int
    dataset: str
    documents: int
    generated: str
    failed_exploring: int
    failed_confirming: int
    replies: int
    replies_cut_off: int
    questions_without_answer: int
    calls_made: int
    calls_asked: int
    seconds: float
    usd_for_calls: float
    host: str
    megabytes: float
    ledger: str


def print_status(folder: Path, format: TableFormat = TableFormat.TABLE, output: Path | None = None) -> None:
    """Say how far a study has come, what it holds and what it took.

    Raises:
        InputError: the file cannot be written, or is named for a table.
    """
    study = StudyFolder(folder)
    results = study.results()
    status = _status(study, results)
    if format is not TableFormat.TABLE:
        values: dict[str, PlainValue] = asdict(status)
        print_answer_as(format, lambda: values, lambda: (tuple(values), (tuple(values.values()),)), output)
        return
    require_terminal(output)
    console = wide_console()
    for name, value in _words(status, results).items():
        console.print(f"{name:<12}{escape(value)}", soft_wrap=True)


def _status(study: StudyFolder, results: Results) -> StudyStatus:
    where, replies = results.provenance, all_replies(results)
    return StudyStatus(
        study=results.name,
        folder=str(study.folder),
        state=_state(results),
        finished=bool(results.explored) and not where.stopped and not where.interrupted,
        explored=len(results.explored),
        confirmed=len(results.confirmed),
        space_size=where.space_size,
        space_size_exact=where.space_size_exact,
        questions_to_explore=where.questions[QuestionSet.EXPLORE],
        questions_to_confirm=where.questions[QuestionSet.CONFIRM],
        dataset=where.dataset,
        documents=where.documents,
        generated=where.generated,
        failed_exploring=_failed(results.explored),
        failed_confirming=_failed(results.confirmed),
        replies=replies.read,
        replies_cut_off=replies.cut_off,
        questions_without_answer=replies.no_answer,
        calls_made=where.calls_made,
        calls_asked=where.calls_asked,
        seconds=where.seconds_spent,
        usd_for_calls=where.usd_for_calls,
        host=where.host,
        megabytes=_megabytes(study.folder),
        ledger=str(study.ledger_location or ""),
    )


def _words(status: StudyStatus, results: Results) -> dict[str, str]:
    space = space_size(status.space_size, exact=status.space_size_exact)
    shared = status.calls_asked / status.calls_made if status.calls_made else 1.0
    return {
        "study": f"{status.study} ({status.folder})",
        **({"ledger": status.ledger} if status.ledger else {}),
        "state": status.state,
        "pipelines": f"{status.explored:,} of {space} explored, {status.confirmed:,} confirmed",
        "questions": f"{status.questions_to_explore:,} to explore, {status.questions_to_confirm:,} to confirm",
        "data": "; ".join(filter(None, (f"{status.dataset}, {count(status.documents, 'document')}", status.generated))),
        "failures": f"{count(status.failed_exploring, 'pipeline')} failed on some question while exploring, "
        f"{status.failed_confirming:,} while confirming",
        **_replies(results),
        "calls": f"{status.calls_made:,} made for {status.calls_asked:,} asked (each shared {shared:.1f} times)",
        "time": f"{status.seconds:.0f} s",
        "host": status.host,
        "size": f"{status.megabytes:.1f} MB",
    }


def _failed(evaluations: tuple[Evaluation, ...]) -> int:
    return sum(bool(evaluation.failures) for evaluation in evaluations)


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
