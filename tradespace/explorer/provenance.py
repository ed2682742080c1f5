"""Where a study's figures come from: the data, the machine, the versions, the seeds."""

from __future__ import annotations

import json
import platform
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from itertools import islice

import yaml

from tradespace.addresses import digest
from tradespace.data import Dataset, QuestionSets
from tradespace.data.generation.marks import generated_words
from tradespace.evals.figures import METERS
from tradespace.explorer.question_groups import group_columns
from tradespace.explorer.results import Dropped, GroupColumns, Outlay, Provenance, QuestionSet, SearchAccount
from tradespace.explorer.running.budget import Budget
from tradespace.explorer.search.account import Account
from tradespace.search_space.specification import Specification
from tradespace.search_space.summary import SpaceSummary
from tradespace.types import Question

MOST_NAMED = 200
"""Pipelines that an account names of each kind."""
KEY_DIGITS = 16
"""Of the digest of a question."""
PACKAGES = (
    *("bm25s", "faiss-cpu", "langchain-core", "optuna", "sentence-transformers", "torch"),
    *("lxml", "pdfminer.six", "pypdf", "python-docx", "python-pptx", "trafilatura"),
)


def context(specification: Specification, dataset: Dataset) -> str:
    """What evaluations belong to: the space of pipelines, and the questions.

    A new SLA, objective or search strategy leaves it alone, so that evaluations are kept. The host that was timed is
    recorded beside it: answers are the same everywhere.
    """
    sections = yaml.safe_load(specification.text)
    rates = {meter.section: sections[meter.section] for meter in METERS if meter.section in sections}
    parts = [sections.get("pipeline"), sections.get("constraints"), sections.get("prices"), *([rates] if rates else [])]
    space = json.dumps(parts)
    data = specification.data
    key = specification.grid.key if specification.grid else dataset.key
    return digest([space, key, f"{data.explore} {data.confirm} {data.seed}"])


@dataclass
class RunLog:
    """The record of a run under way.

    Attributes:
        estimated: what its search was estimated to take; None where that was not possible.
        phases: seconds of each phase.
        ended: why the search ended, where that was its budget.
        confirmed: how many questions the finalists were asked, and why no more.
        account: what became of the candidates, where the strategy keeps an account.
    """

    estimated: Outlay | None = None
    phases: dict[str, float] = field(default_factory=dict)
    ended: str = ""
    confirmed: str = ""
    account: Account | None = None


def provenance(
    specification: Specification,
    dataset: Dataset,
    splits: QuestionSets,
    seconds: float,
    budget: Budget,
    *,
    log: RunLog,
    space: SpaceSummary,
    host: str,
    interrupted: bool,
    stopped: str = "",
) -> Provenance:
    """The provenance of the figures, as of now."""
    return Provenance(
        tradespace=version("tradespace"),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        host=host,
        dataset=dataset.name,
        data_key=specification.grid.key if specification.grid else dataset.key,
        documents=len(dataset.documents),
        questions={QuestionSet.EXPLORE: len(splits.explore), QuestionSet.CONFIRM: len(splits.confirm)},
        seed=specification.search.seed,
        space_size=space.allowed,
        space_size_exact=space.exact,
        versions={"python": platform.python_version(), **_versions()},
        seconds_spent=seconds,
        calls_made=budget.made,
        calls_asked=budget.asked,
        interrupted=interrupted,
        stopped=stopped,
        estimated=log.estimated,
        spent=budget.spent,
        usd_for_calls=budget.usd,
        judging_calls=budget.judging_calls,
        judging_usd=budget.judging_usd,
        phases=dict(log.phases),
        ended=log.ended,
        confirmed=log.confirmed,
        search=search_account(log.account) if log.account else None,
        table=specification.grid.name if specification.grid else "",
        groups={split: columns for split, columns in _groups(splits).items() if columns},
        generated=generated_words((*splits.explore, *splits.confirm)),
        question_keys={split: tuple(map(question_key, questions)) for split, questions in _by_split(splits).items()},
    )


def question_key(question: Question) -> str:
    """What tells a question from others, of other data too: a digest of its id and text."""
    return digest([question.id, question.text])[:KEY_DIGITS]


def _by_split(splits: QuestionSets) -> dict[QuestionSet, tuple[Question, ...]]:
    return {QuestionSet.EXPLORE: splits.explore, QuestionSet.CONFIRM: splits.confirm}


def _groups(splits: QuestionSets) -> dict[QuestionSet, GroupColumns]:
    return {split: group_columns(questions) for split, questions in _by_split(splits).items()}


def search_account(account: Account) -> SearchAccount:
    """An account in plain words, of hundreds of pipelines by name at most."""
    return SearchAccount(
        candidates=account.candidates,
        whole_space=account.whole_space,
        classes=account.classes,
        missing_sla=len(account.missing_sla),
        raced_out=len(account.raced_out),
        complete=len(account.complete),
        failed=len(account.failed),
        open=len(account.open),
        questions=account.questions,
        dropped=tuple(
            Dropped(str(dropped.pipeline), str(dropped.by), dropped.questions)
            for dropped in account.raced_out[:MOST_NAMED]
        ),
        alike={
            str(pipeline): tuple(map(str, others[:MOST_NAMED]))
            for pipeline, others in islice(account.alike.items(), MOST_NAMED)
            if others
        },
        ending=account.ending or "",
    )


def _versions() -> dict[str, str]:
    versions: dict[str, str] = {}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return versions
