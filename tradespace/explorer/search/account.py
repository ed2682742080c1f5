"""What became of the candidates of a search: for the study, and for the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tradespace.components.base import Pipeline


@dataclass(frozen=True)
class RacedOut:
    """A pipeline that was dropped, as another was shown to be at least as good.

    Attributes:
        pipeline: the one that was dropped.
        by: the other one.
        questions: how many questions both had answered by then.
    """

    pipeline: Pipeline
    by: Pipeline
    questions: int


@dataclass(frozen=True)
class Account:
    """What became of the candidates.

    Attributes:
        candidates: pipelines that were considered.
        whole_space: whether these are all that the space has.
        classes: how many there are, those that make the same calls, or scored the same on every question, counted once.
        missing_sla: the classes whose predicted latency misses the service level: no dear call was made for them.
        raced_out: those dropped on the way.
        failed: those that could not be evaluated, and why.
        complete: those that were evaluated on all questions, or were known to score so without it.
        alike: for each complete pipeline the others that stand behind it: they make the same calls, or scored the same
            on every question and cost no less.
        open: classes that are left, as they are not worth their price or there was no time.
        questions: how many there are.
        ending: why the search ended by itself, as a sentence; None while it did not.
    """

    candidates: int
    whole_space: bool
    classes: int
    missing_sla: tuple[Pipeline, ...]
    raced_out: tuple[RacedOut, ...]
    failed: Mapping[Pipeline, str]
    complete: tuple[Pipeline, ...]
    alike: Mapping[Pipeline, tuple[Pipeline, ...]]
    open: tuple[Pipeline, ...]
    questions: int
    ending: str | None
