"""A study: one folder that can be moved, resumed and reported.

space.yaml          the search space as it was last explored
study.json          where the figures come from
ledger.sqlite       every call that was made: outcomes and timings; or it is kept on a server, which study.json names
unsent.sqlite       calls that such a server could not take, until the next run
evaluations.sqlite  one row for each pipeline and split
labels.json         what people said of its answers
answers.json        what some pipelines answered, for the report
optuna.journal      the trials, which optuna-dashboard opens
artefacts/          built indexes and embeddings, by content
report.html         the report
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from tradespace.components.registry import words_of_components
from tradespace.components.store import writable
from tradespace.components.trust import Trust, demand
from tradespace.data.traffic import find_trace
from tradespace.errors import InputError, StudyError
from tradespace.explorer.answer_texts import AnswerTexts
from tradespace.explorer.load.station_profiles import NOT_PROFILED, StationProfiles
from tradespace.explorer.load.study_deployments import StudyDeployments
from tradespace.explorer.observed import ObservedSystem
from tradespace.explorer.results import Evaluation, Provenance, QuestionSet, Results
from tradespace.explorer.storage.aside import LedgerWithAside
from tradespace.explorer.storage.base import EvaluationStore, Ledger
from tradespace.explorer.storage.databases import open_evaluations, open_ledger
from tradespace.explorer.storage.labels import LABELS_FORMAT, StudyLabels
from tradespace.explorer.storage.location import ChosenLedger, LedgerLocation
from tradespace.files import write_whole
from tradespace.search_space.bounds import Bound
from tradespace.search_space.deployment import Host, Load, StageGroup
from tradespace.search_space.deployment.space import DeploymentSpace
from tradespace.search_space.goals import Goals, Objective, ServiceLevel
from tradespace.search_space.utility import Utility

FORMAT: Literal[3] = 3
"""Raised whenever a study of an older version can no longer be read."""


class StoredDeployments(BaseModel):
    """The deployments that are explored. `goals` are as written: those of the manifest are what can be judged before a
    pipeline is deployed."""

    model_config = ConfigDict(frozen=True)

    loads: tuple[Load, ...]
    groups: tuple[tuple[StageGroup, ...], ...]
    hosts: tuple[Host, ...]
    goals: Goals
    profiles: StationProfiles = NOT_PROFILED

    @classmethod
    def of(cls, deployments: StudyDeployments) -> StoredDeployments:
        """All of them but traces, which are files."""
        space = deployments.space
        return cls(
            loads=space.loads,
            groups=space.groups,
            hosts=space.hosts,
            goals=space.goals,
            profiles=deployments.profiles,
        )

    def restored(self, folder: Path) -> StudyDeployments:
        """The same, with the traces found again.

        Args:
            folder: what the paths of traces are relative to.

        Raises:
            InputError: a trace is not there any more.
        """
        traces = {load.trace: find_trace(load.trace, folder) for load in self.loads if load.trace}
        return StudyDeployments(DeploymentSpace(self.loads, self.groups, self.hosts, self.goals, traces), self.profiles)


class Manifest(BaseModel):
    """What `study.json` holds. `context` names the evaluations that belong to the space as it was last explored, and
    `scored_by` the settings of the measures that their scores are of."""

    model_config = ConfigDict(frozen=True)

    format: Literal[3] = FORMAT
    name: str
    base: str
    context: str
    objectives: tuple[Objective, ...]
    sla: ServiceLevel | None
    limits: tuple[Bound, ...] = ()
    utility: Utility | None = None
    recommend: bool = True
    provenance: Provenance
    scored_by: dict[str, str] = {}
    judges: dict[str, str] = {}
    deployments: StoredDeployments | None = None
    observed: ObservedSystem | None = None
    ledger: LedgerLocation | None = None

    @property
    def goals(self) -> Goals:
        """What its pipelines are judged by."""
        return Goals(self.objectives, self.sla, self.limits, self.utility, self.recommend)


@dataclass(frozen=True, init=False)
class StudyFolder:
    """A study folder, named by a path or its text.

    Raises:
        StudyError: there is no study in the folder, another version wrote it, another process uses it, or it cannot be
            written.

    >>> study = StudyFolder("studies/never-explored")
    >>> study.exists, study.report_path.as_posix()
    (False, 'studies/never-explored/report.html')
    >>> study.results()
    Traceback (most recent call last):
    tradespace.errors.StudyError: studies/never-explored holds no study (there is no study.json in it). Name the ...
    """

    folder: Path
    _chosen: ChosenLedger | None = field(repr=False, compare=False)
    _allowed: Collection[Trust] = field(repr=False, compare=False)

    def __init__(self, folder: Path | str, ledger: ChosenLedger | None = None, allowed: Collection[Trust] = ()) -> None:
        """Name a folder; where somebody chose its `ledger`, with that, else with the one that it names itself.

        Args:
            folder: its path.
            ledger: where its calls are kept.
            allowed: what may be done that only the study's files ask for, such as to contact the server of its ledger.
        """
        object.__setattr__(self, "folder", Path(folder))
        object.__setattr__(self, "_chosen", ledger)
        object.__setattr__(self, "_allowed", allowed)

    def allowing(self, allowed: Collection[Trust]) -> StudyFolder:
        """The same folder, where so much more may be done that only its files ask for."""
        if self._chosen is not None or set(allowed) <= set(self._allowed):
            return self
        return StudyFolder(self.folder, allowed={*self._allowed, *allowed})

    @cached_property
    def ledger(self) -> Ledger:
        """Every call that was made.

        Raises:
            InputError: it is on a server that only the study's files name, which was not allowed, or where an
                environment variable says that is not set.
            LedgerError: it cannot be opened.
        """
        location = self.ledger_location
        if self._chosen is None and location is not None:
            demand([location], self._allowed)
        if location is None:
            return open_ledger(self.ledger_path)
        return LedgerWithAside(open_ledger(self._chosen.url if self._chosen else location.address()), self.unsent_path)

    @property
    def ledger_location(self) -> LedgerLocation | None:
        """Where its ledger is kept, if not in its folder: as somebody chose, or as it was when it was last explored."""
        if self._chosen is not None:
            return self._chosen.location
        return self.manifest().ledger if self.exists else None

    @property
    def known_calls(self) -> Ledger | None:
        """Its ledger, as far as there is one without exploring: that of others too, where it is on a server."""
        return self.ledger if self.exists or self.ledger_location else None

    @property
    def unsent_path(self) -> Path:
        """Where calls are kept that a ledger on a server could not take."""
        return self.folder / "unsent.sqlite"

    @cached_property
    def evaluations(self) -> EvaluationStore:
        """What pipelines were found to be worth."""
        return open_evaluations(self.folder / "evaluations.sqlite")

    @property
    def ledger_path(self) -> Path:
        """Where the ledger is kept, if not on a server."""
        return self.folder / "ledger.sqlite"

    @property
    def space_path(self) -> Path:
        """The YAML search space as it was last explored."""
        return self.folder / "space.yaml"

    @property
    def trials_path(self) -> Path:
        """Optuna's storage of the trials."""
        return self.folder / "optuna.journal"

    @property
    def artefacts(self) -> Path:
        """Where built indexes are kept."""
        return self.folder / "artefacts"

    @property
    def report_path(self) -> Path:
        """Where the report is written."""
        return self.folder / "report.html"

    @property
    def exists(self) -> bool:
        """Whether something was explored here before."""
        return self._manifest_path.exists()

    @property
    def _manifest_path(self) -> Path:
        return self.folder / "study.json"

    def manifest(self) -> Manifest:
        """Read `study.json`."""
        if not self.exists:
            raise StudyError(
                f"{self.folder} holds no study (there is no study.json in it). "
                "Name the folder that `tradespace explore` wrote, such as studies/NAME"
            )
        try:
            manifest = Manifest.model_validate_json(self._manifest_path.read_bytes())
        except ValidationError as error:
            advice = "Restore it, or explore from scratch"
            raise _unreadable(
                self._manifest_path, FORMAT, error, advice, "Explore into a new folder (--study NEW)"
            ) from None
        return manifest

    @property
    def labels_path(self) -> Path:
        """What people said of its answers."""
        return self.folder / "labels.json"

    def labels(self) -> StudyLabels:
        """What people said of its answers; nothing where nobody was asked."""
        if not self.labels_path.exists():
            return StudyLabels()
        try:
            return StudyLabels.model_validate_json(self.labels_path.read_bytes())
        except ValidationError as error:
            advice = "Restore it; without it judged figures are not corrected, and all else stays as it is"
            raise _unreadable(self.labels_path, LABELS_FORMAT, error, advice, "Name another study") from None

    def change_labels(self, change: Callable[[StudyLabels], StudyLabels]) -> StudyLabels:
        """Change what people said of its answers, and return what it is then. Others who change it wait meanwhile."""
        from filelock import FileLock

        self._require_writable()
        with FileLock(self.folder / ".labels.lock"):
            changed = change(self.labels())
            write_whole(self.labels_path, changed.model_dump_json(indent=1))
        return changed

    def texts(self) -> AnswerTexts | None:
        """What some pipelines answered; None where that was not kept, cannot be read, or belongs to other questions."""
        if not self._texts_path.exists():
            return None
        try:
            texts = AnswerTexts.model_validate_json(self._texts_path.read_bytes())
        except ValidationError:
            return None
        return texts if texts.context == self.manifest().context else None

    def save_texts(self, texts: AnswerTexts) -> None:
        """Write `answers.json`."""
        write_whole(self._texts_path, texts.model_dump_json())

    @property
    def _texts_path(self) -> Path:
        return self.folder / "answers.json"

    def save(self, manifest: Manifest) -> None:
        """Write `study.json`."""
        write_whole(self._manifest_path, manifest.model_dump_json(indent=2))

    def save_space(self, text: str) -> None:
        """Write `space.yaml`."""
        write_whole(self.space_path, text)

    @property
    def writable(self) -> bool:
        """Whether anything can be stored here: a study in an archive can be read all the same."""
        return writable(self.folder)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep other explorations out of this folder. The lock ends with the process, however that ends."""
        from filelock import FileLock, Timeout

        self._require_writable()
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / ".lock", timeout=0)
        try:
            with lock:
                yield
        except Timeout:
            raise StudyError(
                f"{self.folder} is being explored by another process. Wait for it, or explore into another (--study)"
            ) from None

    def _require_writable(self) -> None:
        if not self.writable:
            raise StudyError(
                f"{self.folder} cannot be written. It can be read (show, report --output, ask); to go on in it, allow "
                "writing, or copy it and name the copy"
            )

    def results(self, host: str | None = None) -> Results:
        """What the study found, for the space as it was last explored, timed on a host: by default that of last time.

        Raises:
            InputError: nothing was timed on that host.
        """
        manifest = self.manifest()
        where = manifest.provenance if host is None else replace(manifest.provenance, host=host)
        if host is not None and host not in (known := self.evaluations.hosts(manifest.context)):
            valid = ", ".join(map(repr, known))
            raise InputError(f"--host must be one that {self.folder} was timed on; given: {host!r}, valid: {valid}")
        explored, confirmed = (
            self.evaluations.read(manifest.context, where.host, split).values()
            for split in (QuestionSet.EXPLORE, QuestionSet.CONFIRM)
        )
        return Results(
            name=manifest.name,
            space_yaml=self.space_path.read_text(encoding="utf-8"),
            goals=manifest.goals,
            explored=_scored_so(explored, manifest.scored_by),
            confirmed=_scored_so(_asked_most(confirmed), manifest.scored_by),
            provenance=where,
            observed=manifest.observed,
            judges=manifest.judges,
            labels=self.labels().summarised(where.data_key, where.seed),
            words=words_of_components(),
            texts=self.texts(),
        )

    def deployments(self) -> StudyDeployments | None:
        """How its pipelines may be deployed, and under which loads; None where its space does not say so.

        Raises:
            InputError: a trace of arrivals is not there any more.
        """
        manifest = self.manifest()
        return manifest.deployments.restored(Path(manifest.base)) if manifest.deployments else None


def _asked_most(evaluations: Iterable[Evaluation]) -> tuple[Evaluation, ...]:
    """Those that were asked the most questions: others are of earlier runs, which needed fewer; they don't compare."""
    everything = list(evaluations)
    asked = [max(map(len, evaluation.scores.values()), default=0) for evaluation in everything]
    return tuple(each for each, count in zip(everything, asked, strict=True) if count == max(asked))


def _scored_so(evaluations: Iterable[Evaluation], scored_by: Mapping[str, str]) -> tuple[Evaluation, ...]:
    """Evaluations without scores by measures that had other settings then: under these names they would mislead."""
    return tuple(
        _without(each, [name for name in scored_by if not each.holds(name, scored_by)]) for each in evaluations
    )


def _without(evaluation: Evaluation, measures: Collection[str]) -> Evaluation:
    if not evaluation.scores.keys() & set(measures):
        return evaluation
    scores = {name: row for name, row in evaluation.scores.items() if name not in measures}
    judging = {name: judged for name, judged in evaluation.judging.items() if name not in measures}
    return replace(evaluation, scores=scores, judging=judging)


def _unreadable(path: Path, expected: int, error: ValidationError, advice: str, elsewhere: str) -> StudyError:
    """Why a file of a study cannot be read: another version wrote it, or it is damaged."""
    written = _format_of(path.read_bytes())
    if written not in (expected, None):
        return StudyError(
            f"{path} was written in study format {written}; this version of Tradespace reads "
            f"format {expected}. {elsewhere}, or install the version that wrote it"
        )
    first = error.errors()[0]
    where = ".".join(map(str, first["loc"]))
    return StudyError(f"{path} is damaged: {where}: {first['msg']}. {advice}")


def _format_of(text: bytes) -> Any:
    import json

    try:
        return json.loads(text).get("format")
    except (ValueError, AttributeError):
        return None
