"""What is said of pipelines under load: an answer, sentences about it, the frontier of deployments and a curve."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from tradespace.evals.statistics import Estimate
from tradespace.explorer.conclusions.deployed_choice import LoadConclusion, conclude_loads
from tradespace.explorer.load.curve import RatePoint, latency_curve
from tradespace.explorer.load.study_deployments import StudyDeployments
from tradespace.explorer.results import Results
from tradespace.reports.deployments_table import deployments_table, listed_deployments
from tradespace.reports.info import pipeline_numbers
from tradespace.reports.load_answer import load_headline, load_notes
from tradespace.reports.load_words import load_name
from tradespace.reports.table import SectionTable
from tradespace.search_space.goals import Goals, ServiceLevel

FEW_DEPLOYMENTS = 6
"""Rows of the frontier where little is said."""


class Extent(Enum):
    """How much is said: without the curve and most of the frontier, or all of it."""

    BRIEF = "brief"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class UnderLoadInfo:
    """One load: an answer, sentences about it, the recommended deployment and the frontier as a table, how many of the
    frontier that leaves out, and for the recommended deployment its latency by rate, with the capacity."""

    load: str
    rate: float
    headline: str
    pipeline: str | None
    notes: tuple[str, ...]
    frontier: SectionTable
    left_out: int
    sla: ServiceLevel | None
    latency: str
    curve: tuple[RatePoint, ...]
    capacity: Estimate | None


def under_load_infos(
    results: Results, deployments: StudyDeployments, extent: Extent = Extent.FULL
) -> tuple[UnderLoadInfo, ...]:
    """What is said of each load of a study, judged by the goals of its deployments."""
    numbers, goals = pipeline_numbers(results), deployments.space.goals
    return tuple(under_load_info(each, goals, numbers, extent) for each in conclude_loads(results, deployments))


def under_load_info(
    concluded: LoadConclusion, goals: Goals, numbers: Mapping[str, int], extent: Extent = Extent.FULL
) -> UnderLoadInfo:
    """Everything that `show` and the report say of one load."""
    chosen = concluded.chosen
    shown = chosen.point if chosen else concluded.nearest
    points = listed_deployments(concluded, goals)
    rows = points[:FEW_DEPLOYMENTS] if extent is Extent.BRIEF else points
    curved = chosen if extent is Extent.FULL else None
    return UnderLoadInfo(
        load=load_name(concluded.traffic),
        rate=concluded.traffic.rate,
        headline=load_headline(concluded, goals),
        pipeline=shown.pipeline if shown else None,
        notes=tuple(load_notes(concluded, goals)),
        frontier=deployments_table(rows, concluded, goals, numbers),
        left_out=len(points) - len(rows),
        sla=goals.sla,
        latency=goals.latency,
        curve=latency_curve(curved.point.deployed, concluded.traffic, goals.latency) if curved else (),
        capacity=chosen.capacity if chosen else None,
    )
