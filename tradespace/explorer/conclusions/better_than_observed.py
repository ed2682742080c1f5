"""From a system that runs to a better one: the nearest pipeline that is better, and what it changes."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tradespace.evals.statistics import Estimate
from tradespace.explorer.conclusions.figures import advantages
from tradespace.explorer.conclusions.points import Point
from tradespace.explorer.observed import ObservedSystem
from tradespace.search_space.goals import Goals
from tradespace.syntax import parse_expression

LEAST_SAVED = 0.01
"""The share of the latency that a change must save to be worth a word."""
EQUAL = 0.01
"""By how much the mean score of an equally accurate pipeline is lower at most; nor may it be shown to be lower."""
_DEFAULT = "default"
_NOTHING = "none"


@dataclass(frozen=True, slots=True)
class SettingChange:
    """A setting that differs between two pipelines, by the way to it: `retrieve.top_k`; or what fills a stage."""

    setting: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.setting} {self.before} → {self.after}"


@dataclass(frozen=True, slots=True)
class BetterPipeline:
    """A pipeline that is faster than another and as accurate, or as fast and more accurate.

    Attributes:
        point: its figures, on the explore questions.
        changes: what differs from the other; empty where it is not known what that is.
        saved: the share of the latency that it saves; negative where it takes more.
        behind: by how much the other is better in the first objective, paired over questions; None where it is unknown
            what that is.
    """

    point: Point
    changes: tuple[SettingChange, ...]
    saved: float
    behind: Estimate | None = None

    @property
    def as_accurate(self) -> bool:
        """Whether it can't be told apart from the other: else it is more accurate."""
        return self.behind is None or (self.behind.high or 0.0) >= 0


@dataclass(frozen=True, slots=True)
class ObservedComparison:
    """Where a running system stands among the pipelines of a study.

    Attributes:
        system: what was recorded of it.
        own: the explored pipeline that it runs; None where that was not said, or was not explored.
        better: the nearest pipeline that is better; None where none is.
    """

    system: ObservedSystem
    own: Point | None = None
    better: BetterPipeline | None = None


def compare_observed(
    system: ObservedSystem, points: Sequence[Point], goals: Goals, alike: Mapping[str, Sequence[str]]
) -> ObservedComparison:
    """Find the pipeline that a system runs, and the nearest better one.

    Pipelines are compared on the explore questions, with each other: the system itself answered others. Where it is not
    known what it runs, what it scored and took is compared with their figures. A pipeline that was not tried stands
    where the one does that it is `alike`, which was tried in its place.
    """
    names = {name: point for point in points for name in alike.get(point.evaluation.pipeline, ())}
    own = ({**names, **{point.evaluation.pipeline: point for point in points}}).get(system.pipeline)
    better = _beside(system, points, goals) if own is None else _nearest(system, own, points, goals)
    return ObservedComparison(system, own, better)


def setting_changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[SettingChange, ...]:
    """What differs between two pipelines, given the notation of the component in each stage.

    >>> changes = setting_changes({"retrieve": "bm25(top_k=5)"}, {"retrieve": "bm25()", "rerank": "maxsim(keep=3)"})
    >>> [str(change) for change in changes]
    ['retrieve.top_k 5 → default', 'rerank none → maxsim(keep=3)']
    """
    stages = dict.fromkeys((*before, *after))
    return tuple(change for stage in stages for change in _stage_changes(stage, before.get(stage), after.get(stage)))


def _stage_changes(stage: str, before: str | None, after: str | None) -> Iterator[SettingChange]:
    old, new = _settings(before), _settings(after)
    if before == after:
        return
    if old is None or new is None or old.pop("", None) != new.pop("", None):
        yield SettingChange(stage, before or _NOTHING, after or _NOTHING)
        return
    for name in dict.fromkeys((*old, *new)):
        if old.get(name) != new.get(name):
            yield SettingChange(f"{stage}.{name}", old.get(name, _DEFAULT), new.get(name, _DEFAULT))


def _settings(notation: str | None) -> dict[str, str] | None:
    """The settings of a component as they are written, with its name under none; None where it is no component."""
    if notation is None:
        return None
    try:
        call = parse_expression(notation)
    except SyntaxError:
        return None
    if not isinstance(call, ast.Call) or call.args:
        return None
    return {"": ast.unparse(call.func), **{str(each.arg): ast.unparse(each.value) for each in call.keywords}}


def _nearest(system: ObservedSystem, own: Point, points: Sequence[Point], goals: Goals) -> BetterPipeline | None:
    """The pipeline that changes least and is faster at equal accuracy; where none is, one that is more accurate and
    takes no longer. Of those that change as much, the fastest."""
    seconds = own.figures.get(goals.latency)
    others = [point for point in points if point is not own and point.figures.get(goals.latency) is not None]
    if not seconds or not others or not goals.primary.is_score:
        return None
    behind = advantages(own.evaluation, [point.evaluation for point in others], goals.primary)
    candidates = [
        BetterPipeline(
            point,
            setting_changes(system.components or own.evaluation.stages, point.evaluation.stages),
            1 - (point.figures[goals.latency] or 0.0) / seconds,
            lead,
        )
        for point, lead in zip(others, behind, strict=True)
        if lead.value is not None and lead.value <= EQUAL and not (lead.low or 0.0) > 0
    ]
    faster = [each for each in candidates if each.saved >= LEAST_SAVED]
    surer = [each for each in candidates if each.saved >= 0 and not each.as_accurate]
    return min(faster or surer, key=lambda each: (len(each.changes), -each.saved), default=None)


def _beside(system: ObservedSystem, points: Sequence[Point], goals: Goals) -> BetterPipeline | None:
    """The fastest pipeline that scores no less than the system was seen to; None where it was given no such score."""
    primary, latency = goals.primary, goals.latency
    scored, took = system.figures.get(primary.measure), system.figures.get(latency)
    if scored is None or took is None:
        return None
    sign = 1 if primary.maximize else -1
    able = [
        point
        for point in points
        if (value := point.figures[primary.measure]) is not None
        and sign * value >= sign * scored.value
        and (seconds := point.figures.get(latency)) is not None
        and seconds < took.value
    ]
    fastest = min(able, key=lambda point: point.figures[latency] or 0.0, default=None)
    return BetterPipeline(fastest, (), 1 - (fastest.figures[latency] or 0.0) / took.value) if fastest else None
