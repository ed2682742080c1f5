"""`tradespace status`: prints the progress from the records of a study; runs nothing."""

from __future__ import annotations

from pathlib import Path

from tradespace.commands.console import escape, wide_console
from tradespace.explorer.results import NO_REPLIES, QuestionSet, Results
from tradespace.explorer.storage.study import StudyFolder
from tradespace.plurals import count
from tradespace.reports.replies import all_replies
from tradespace.reports.words import space_size


def print_status(folder: Path) -> None:
    """Say how far a study has come, what it holds and what it took."""
    study = StudyFolder(folder)
    results = study.results()
    console = wide_console()
    for name, value in _status(study, results).items():
        console.print(f"{name:<12}{escape(value)}", soft_wrap=True)


def _status(study: StudyFolder, results: Results) -> dict[str, str]:
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
        "data": "; ".join(filter(None, (f"{where.dataset}, {count(where.documents, 'document')}", where.generated))),
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
