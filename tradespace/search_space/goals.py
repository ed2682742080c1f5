"""A study's goals: objectives, the service-level agreement with its split of the latency budget, and preferences."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tradespace.components.roles import STAGES
from tradespace.errors import InputError, nearest
from tradespace.evals.figures import FIGURES, LATENCIES, Kind, figure_of
from tradespace.search_space.bounds import Bound
from tradespace.search_space.document import Route, YamlDocument
from tradespace.search_space.stages import online_among, usual_split
from tradespace.search_space.utility import Utility

LATENCY_MEASURES = tuple(figure.name for figure in LATENCIES)
SECONDS_OF_UNIT = {"us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0}
DIRECTIONS = ("maximize", "minimize")
USUAL_ERROR = 0.05
USUAL_LATENCY = "latency_p95"

HigherIsBetter = Callable[[str], bool]
"""Whether more of a per-question measure is better; raises InputError, with the valid names, for an unknown measure."""


@dataclass(frozen=True, slots=True)
class Objective:
    """One figure of merit to maximize or minimize, by its name."""

    measure: str
    maximize: bool

    @property
    def is_score(self) -> bool:
        """Whether it is the mean of what questions score."""
        return figure_of(self.measure).kind is Kind.SCORE


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """The latency that a pipeline must keep.

    `measure` is one of latency_mean, latency_p50, latency_p90, latency_p95, latency_p99; `seconds` its bound;
    `split` groups the online stages between which the bound is divided: (("retrieve", "rerank"), ("generate",));
    `error` is the chance that any finalist is said to keep or to miss the bound falsely.
    """

    measure: str
    seconds: float
    split: tuple[tuple[str, ...], ...] = usual_split(online_among(STAGES))
    error: float = USUAL_ERROR

    @property
    def bound(self) -> Bound:
        """The same as a ceiling, without its split."""
        return Bound(self.measure, self.seconds, floor=False)


@dataclass(frozen=True, slots=True)
class Goals:
    """What pipelines are judged by.

    Attributes:
        objectives: at least one.
        sla: the latency to keep, if there is one.
        limits: further floors and ceilings, each on another figure, or on one figure for each group of questions.
        utility: what a pipeline is worth, where objectives are to be weighed; it names objectives only.
        recommend: whether one pipeline is to be recommended; the frontier alone is wanted where it is not.
    """

    objectives: tuple[Objective, ...]
    sla: ServiceLevel | None = None
    limits: tuple[Bound, ...] = ()
    utility: Utility | None = None
    recommend: bool = True

    @property
    def measures(self) -> tuple[str, ...]:
        """The names of the objectives' figures, in order."""
        return tuple(objective.measure for objective in self.objectives)

    @property
    def maximize(self) -> tuple[bool, ...]:
        """The directions of the objectives, in order."""
        return tuple(objective.maximize for objective in self.objectives)

    @property
    def primary(self) -> Objective:
        """The first objective that is maximised, or else the first."""
        return next((objective for objective in self.objectives if objective.maximize), self.objectives[0])

    @property
    def latency(self) -> str:
        """The latency that is judged: that of the service level, or else the first that is needed, or the p95."""
        named = (measure for measure in self.needed if figure_of(measure).kind is Kind.LATENCY)
        return self.sla.measure if self.sla else next(named, USUAL_LATENCY)

    @property
    def stated(self) -> tuple[Bound, ...]:
        """All that a pipeline must keep, as it is stated: the service level, then the limits."""
        return (*([self.sla.bound] if self.sla else []), *self.limits)

    @property
    def bounds(self) -> tuple[Bound, ...]:
        """The same as bounds on single figures: of a limit for each group, one for each."""
        return tuple(part for bound in self.stated for part in bound.parts)

    @property
    def beside_sla(self) -> tuple[Bound, ...]:
        """The bounds but the service level."""
        return tuple(part for limit in self.limits for part in limit.parts)

    @property
    def of_groups(self) -> frozenset[str]:
        """The names of the figures of single groups that have a bound."""
        return frozenset(part.measure for limit in self.limits if limit.column for part in limit.parts)

    @property
    def error(self) -> float:
        """The chance that any finalist is said to keep or to miss a bound falsely."""
        return self.sla.error if self.sla else USUAL_ERROR

    @property
    def needed(self) -> tuple[str, ...]:
        """The names of all figures that must be known of a pipeline: the objectives', then those with a bound."""
        return tuple(dict.fromkeys([*self.measures, *(bound.measure for bound in (*self.stated, *self.bounds))]))

    @property
    def of_pipelines(self) -> Goals:
        """What a pipeline can be judged by before it is deployed.

        The mean latency is minimised in the place of what its machines cost, which are bought for that work, and bounds
        on that, and a utility that weighs it, are left out. The latency of a question alone is the least that it takes
        under load, so bounds on latencies stay.
        """
        deployed = {name for name in self.needed if figure_of(name).of_deployments}
        mean = Objective(LATENCY_MEASURES[0], maximize=False)
        objectives = [mean if each.measure in deployed else each for each in self.objectives]
        utility = None if self.utility and deployed & {*self.utility.measures} else self.utility
        limits = tuple(limit for limit in self.limits if limit.measure not in deployed)
        distinct = tuple({each.measure: each for each in objectives}.values())
        return replace(self, objectives=distinct, limits=limits, utility=utility)

    @property
    def scores(self) -> tuple[str, ...]:
        """Those of them that are scores."""
        return tuple(name for name in self.needed if figure_of(name).kind is Kind.SCORE)


def seconds(text: str, *, or_none: bool = False) -> float:
    """Read a duration such as `100 ms`, `0.1 s` or `2 min`; 0 is one where there may be none.

    Raises:
        ValueError: there is no positive number, or no unit.
    """
    match = re.fullmatch(r"\s*(\d+(?:\.\d*)?|\.\d+)\s*([a-zµ]+)\s*", text)
    if match is None or match[2] not in SECONDS_OF_UNIT or not (or_none or float(match[1]) > 0):
        least = "of at least 0" if or_none else "above 0"
        units = ", ".join(SECONDS_OF_UNIT)
        raise ValueError(f"must be a duration {least} with its unit ({units}), such as 100 ms; given: {text!r}")
    return float(match[1]) * SECONDS_OF_UNIT[match[2]]


def higher_is_better(measure: str, of_questions: HigherIsBetter) -> bool:
    """The natural direction of any measure.

    Raises:
        InputError: there is no such measure.
    """
    return FIGURES[measure].maximize if measure in FIGURES else of_questions(measure)


def read_objectives(
    section: Any, route: Route, document: YamlDocument, of_questions: HigherIsBetter
) -> tuple[Objective, ...]:
    """Read the `objectives` section, a mapping from measures to directions; without one the measure's own is taken."""
    if not isinstance(section, Mapping) or not section:
        document.fault(route, f"must map measures to {' or '.join(DIRECTIONS)}; given: {section!r}")
        return ()
    objectives = [
        _objective(name, direction, (*route, name), document, of_questions) for name, direction in section.items()
    ]
    return tuple(objective for objective in objectives if objective is not None)


def _objective(
    measure: str, direction: Any, route: Route, document: YamlDocument, of_questions: HigherIsBetter
) -> Objective | None:
    try:
        natural = higher_is_better(measure, of_questions)
    except InputError as error:
        document.fault(route, f"{error}; latency and cost: {', '.join(FIGURES)}")
        return None
    if direction not in (*DIRECTIONS, None):
        document.fault(route, f"must be {' or '.join(DIRECTIONS)}; given: {direction!r}")
        return None
    return Objective(measure, natural if direction is None else direction == "maximize")


def usual_latency(objectives: Iterable[str]) -> str:
    """The latency that a bound alone is meant of: the first of the objectives, or the p95.

    >>> usual_latency(["answer_f1", "latency_p99"]), usual_latency(["answer_f1"])
    ('latency_p99', 'latency_p95')
    """
    return next((name for name in objectives if name in LATENCY_MEASURES), USUAL_LATENCY)


def read_service_level(
    section: Any, route: Route, document: YamlDocument, stages: Sequence[str], usual: str = USUAL_LATENCY
) -> ServiceLevel | None:
    """Read the `sla` section: one latency measure with its bound, and how the bound is split between online stages. A
    bound alone is that of the `usual` latency.
    """
    if section is None:
        return None
    if isinstance(section, str):
        return _service_level(usual, section, route, document, split=usual_split(stages), error=USUAL_ERROR)
    if not isinstance(section, Mapping):
        document.fault(route, f"must be a bound such as 100 ms, or {{latency_p95: 100 ms}}; given: {section!r}")
        return None
    valid = [*LATENCY_MEASURES, "split", "error"]
    for name in section.keys() - {*valid}:
        document.fault((*route, name), f"an SLA has no {name!r}; {nearest(name, valid)}")
    bounds = [name for name in LATENCY_MEASURES if name in section]
    if len(bounds) != 1:
        document.fault(route, f"must bound one of {', '.join(LATENCY_MEASURES)}; given: {', '.join(bounds) or 'none'}")
        return None
    split = _split(section.get("split"), (*route, "split"), document, stages)
    error = _error(section.get("error", USUAL_ERROR), (*route, "error"), document)
    return _service_level(bounds[0], section[bounds[0]], (*route, bounds[0]), document, split=split, error=error)


def _service_level(
    measure: str, bound: Any, route: Route, document: YamlDocument, *, split: tuple[tuple[str, ...], ...], error: float
) -> ServiceLevel | None:
    try:
        return ServiceLevel(measure, seconds(str(bound)), split, error)
    except ValueError as problem:
        document.fault(route, str(problem))
        return None


def _error(section: Any, route: Route, document: YamlDocument) -> float:
    if isinstance(section, int | float) and not isinstance(section, bool) and 0 < section < 1:
        return float(section)
    document.fault(route, f"must be a share above 0 and below 1, such as {USUAL_ERROR}; given: {section!r}")
    return USUAL_ERROR


def _split(section: Any, route: Route, document: YamlDocument, stages: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    if section is None:
        return usual_split(stages)
    if not isinstance(section, list) or not all(isinstance(group, str) for group in section):
        document.fault(route, f"must list groups of stages, such as [retrieve + rerank, generate]; given: {section!r}")
        return ()
    groups = [tuple(stage.strip() for stage in group.split("+")) for group in section]
    named = [stage for group in groups for stage in group]
    for place, group in enumerate(groups):
        for stage in group:
            if stage not in stages:
                document.fault(
                    (*route, place), f"the pipeline has no online stage {stage!r}; {nearest(stage, list(stages))}"
                )
            elif named.count(stage) > 1:
                document.fault((*route, place), f"{stage!r} must be in one group only")
    for stage in stages:
        if stage not in named:
            document.fault(route, f"the stage {stage!r} must be in one of the groups; its time counts too")
    return tuple(groups)
