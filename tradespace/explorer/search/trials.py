"""Trials in Optuna's own storage: optuna-dashboard opens what a search tried, whichever strategy proposed it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradespace.components.base import Pipeline
from tradespace.interrupts import interrupt_held_back
from tradespace.search_space.domains import Chosen, Domain
from tradespace.search_space.space import PipelineSpace

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.storages import BaseStorage
    from optuna.storages.journal import JournalFileOpenLock
    from optuna.study import Study
    from optuna.trial import FrozenTrial

STUDY_NAME = "tradespace"


class TrialFile:
    """A journal file in Optuna's format; `optuna-dashboard FILE` opens it. Trials are collected and written together.

    The file only mirrors the search: it is rewritten with every search, which a continued exploration repeats. Writing
    a trial to a journal takes a twentieth of what it takes to write it to Optuna's SQLite storage.

    It is written without Optuna's own lock, a file that a killed process leaves behind for the next one to wait for,
    forever: a study is explored by one process at a time, which its lock sees to.
    """

    def __init__(self, path: Path, space: PipelineSpace, maximize: Sequence[bool]) -> None:
        self.path = path
        self.space = space
        self.maximize = maximize
        self._study: Study | None = None
        self._unsaved: list[FrozenTrial] = []

    def add(self, pipeline: Pipeline, values: Sequence[float], excess: Mapping[str, float]) -> None:
        """Note a pipeline that was evaluated, with the objectives' values and by how much constraints are exceeded."""
        self._note(pipeline, state="COMPLETE", values=list(values), constraints=dict(excess))

    def add_failed(self, pipeline: Pipeline, reason: str) -> None:
        """Note a pipeline that could not be evaluated, and why."""
        self._note(pipeline, state="FAIL", reason=reason)

    def save(self) -> None:
        """Write what was noted since the last time; an interrupt waits, as it would leave half of it."""
        with interrupt_held_back():
            if self._study is None:
                self._study = new_study(self.maximize, storage=self._fresh_file())
            self._study.add_trials(self._unsaved)
            self._unsaved.clear()

    def _note(self, pipeline: Pipeline, state: str, reason: str | None = None, **result: Any) -> None:
        from optuna.trial import TrialState, create_trial

        choices = self.space.choices(pipeline) or {}
        trial = create_trial(
            state=TrialState[state],
            params={path: label(domain, value) for path, (domain, value) in choices.items()},
            distributions={path: distribution(domain) for path, (domain, _) in choices.items()},
            user_attrs={"pipeline": str(pipeline)} | ({"failure": reason} if reason else {}),
            **result,
        )
        self._unsaved.append(trial)

    def _fresh_file(self) -> BaseStorage:
        from optuna.storages import JournalStorage
        from optuna.storages.journal import JournalFileBackend

        locks = self.path.parent.glob(f"{self.path.name}.lock*")  # of optuna-dashboard, and of older versions
        for left in (self.path, *locks):
            left.unlink(missing_ok=True)
        return JournalStorage(JournalFileBackend(str(self.path), _no_lock()))


def _no_lock() -> JournalFileOpenLock:
    from optuna.storages.journal import JournalFileOpenLock

    class NoLock(JournalFileOpenLock):
        """Nobody is kept out."""

        def acquire(self) -> bool:
            return True

        def release(self) -> None:
            """Nothing is held."""

    return NoLock("")


def new_study(maximize: Sequence[bool], **settings: Any) -> Study:
    """An Optuna study for objectives of these directions, in memory unless a storage is among the settings."""
    import optuna
    from optuna.study import StudyDirection

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    directions = [StudyDirection.MAXIMIZE if up else StudyDirection.MINIMIZE for up in maximize]
    return optuna.create_study(study_name=STUDY_NAME, directions=directions, **settings)


def distribution(domain: Domain) -> BaseDistribution:
    """A domain in Optuna's terms."""
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    if isinstance(domain, Chosen):
        return CategoricalDistribution([label(domain, value) for value in domain.values])
    if domain.whole:
        return IntDistribution(int(domain.low), int(domain.last), domain.log, int(domain.step or 1))
    return FloatDistribution(domain.low, domain.last, domain.log, domain.step)


def label(domain: Domain, value: Any) -> Any:
    """A value as Optuna stores it: itself, or its notation if it is no number, text, truth value or None."""
    return value if isinstance(value, bool | int | float | str | None) else repr(value)


def value_of(domain: Domain, stored: Any) -> Any:
    """The value of a domain that Optuna stores so."""
    if isinstance(domain, Chosen):
        return next(value for value in domain.values if label(domain, value) == stored)
    return domain.nearest(stored)
