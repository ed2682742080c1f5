"""Preferences on the command line: what the records of a study say to another SLA, other limits or a utility."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tradespace.errors import InputError, nearest
from tradespace.evals.figures import FIGURES, figure_of
from tradespace.evals.group_names import base_measure
from tradespace.evals.measures import measure
from tradespace.explorer.conclusions.figures import figures
from tradespace.explorer.load.study_deployments import StudyDeployments
from tradespace.explorer.question_groups import FEWEST_IN_GROUP, held_to, in_results, with_group_scores
from tradespace.explorer.results import Results
from tradespace.reports.words import listed
from tradespace.search_space.bounds import Bound
from tradespace.search_space.goals import LATENCY_MEASURES, Goals, Objective, ServiceLevel, seconds
from tradespace.search_space.preferences import parse_limit, parse_utility
from tradespace.search_space.utility import Utility

NO_COLUMNS = "None is recorded; exploring, again too, records those that questions have"


@dataclass(frozen=True, slots=True)
class Preferences:
    """What is asked for in the place of a study's own goals, as texts; what is left out stays.

    Attributes:
        sla: another bound on the latency of the SLA, such as `80 ms`, or on another latency: `latency_p50 <= 80 ms`.
        limits: floors and ceilings; each takes the place of the study's own on the same figure.
        utility: what pipelines are worth.
        best: the figure that counts first, in the place of a utility: `usd_per_1k` asks for the cheapest.
    """

    sla: str | None = None
    limits: Sequence[str] = ()
    utility: str | None = None
    best: str | None = None

    def applied(self, results: Results, deployments: StudyDeployments | None = None) -> Results:
        """The same results under these preferences; those on deployments say nothing of pipelines by themselves.

        Raises:
            InputError: one of them is none, or no pipeline has a figure for it, and no deployment.
        """
        goals = self.instead_of(deployments.space.goals if deployments else results.goals, results)
        asked = [name for name in goals.needed if figure_of(name).of_deployments]
        if asked and deployments is None:
            raise InputError(
                f"only a deployment has {asked[0]}, and this study explores none: write a `deployment` section into "
                "its file and explore again, or ask `tradespace capacity` about one deployment"
            )
        return with_group_scores(results.under(goals.of_pipelines))

    def instead_of(self, goals: Goals, results: Results) -> Goals:
        """Goals with these preferences in the place of their own.

        Raises:
            InputError: one of them is none, or no pipeline has a figure for it.
        """
        goals = replace(goals, sla=self._sla(goals))
        own = [limit for limit in goals.limits if goals.sla is None or limit.measure != goals.sla.measure]
        limits = {limit.bounded: limit for limit in (*own, *self._limits(goals, results))}
        goals = held_to(replace(goals, limits=tuple(limits.values())), in_results(results))
        if vain := [limit for limit in goals.limits if limit.column and not limit.groups]:
            raise InputError(
                f"--limit: {vain[0]}: no group has {FEWEST_IN_GROUP} questions of each split that can be scored; ask "
                "more questions, or choose another column"
            )
        return self._weighed(goals, results)

    def _weighed(self, goals: Goals, results: Results) -> Goals:
        """Goals with what pipelines are worth."""
        if self.best is not None:
            if self.utility is not None:
                raise InputError("--best and --utility both say what counts first: leave one")
            return _best_at(self.best, goals, results)
        if self.utility is None:
            return goals
        return replace(goals, utility=_parsed_utility(self.utility, goals), recommend=True)

    def _sla(self, goals: Goals) -> ServiceLevel | None:
        """The study's SLA with another bound, or on another latency; one on the 95th percentile where neither the study
        has one nor a latency is named."""
        if self.sla is None:
            return goals.sla
        named = re.fullmatch(r"\s*(\S+?)\s*<=\s*(.*)", self.sla)
        measure = named[1] if named else goals.sla.measure if goals.sla else "latency_p95"
        if measure not in LATENCY_MEASURES:
            raise InputError(f"--sla bounds a latency, and {measure!r} is none; {nearest(measure, LATENCY_MEASURES)}")
        try:
            bound = seconds(named[2] if named else self.sla)
        except ValueError as error:
            raise InputError(f"--sla {error}") from None
        return replace(goals.sla or ServiceLevel(measure, bound), measure=measure, seconds=bound)

    def _limits(self, goals: Goals, results: Results) -> list[Bound]:
        scores = {name for evaluation in (*results.explored, *results.confirmed) for name in evaluation.scores}
        columns = {column for of_split in results.provenance.groups.values() for column in of_split}

        def known_score(name: str) -> bool:
            if name not in scores:
                raise InputError(f"no pipeline has a {name!r}. Scores: {', '.join(sorted(scores))}")
            return _more_is_better(name, goals)

        try:
            limits = [parse_limit(text, known_score, goals.objectives) for text in self.limits]
        except InputError as error:
            raise InputError(f"--limit: {error}") from None
        if unknown := [limit for limit in limits if limit.column and limit.column not in columns]:
            known = f"Columns: {listed(sorted(columns))}" if columns else NO_COLUMNS
            raise InputError(f"--limit: {unknown[0]}: the questions have no column {unknown[0].column!r}. {known}")
        if goals.sla and (repeated := [limit for limit in limits if limit.measure == goals.sla.measure]):
            raise InputError(f"--limit: {repeated[0]}: that latency has the SLA; ask for another one with --sla")
        return limits


def _more_is_better(name: str, goals: Goals) -> bool:
    """The natural direction of a score, as the study's own limits have it: its measure need not be known here."""
    held = {base_measure(limit.measure): limit.floor for limit in goals.limits}
    if base_measure(name) in held:
        return held[base_measure(name)]
    try:
        return measure(name).maximize
    except InputError:
        return True


def _best_at(measure: str, goals: Goals, results: Results) -> Goals:
    """Goals by which the pipeline is recommended that is best in one figure, of those that keep the bounds.

    A figure that is no objective becomes one.

    Raises:
        InputError: there is no such figure, or no pipeline has it.
    """
    declared, known = {each.measure: each for each in goals.objectives}, _known_figures(results)
    if measure not in known and not (measure in declared and figure_of(measure).of_deployments):
        raise InputError(
            f"--best: no pipeline of this study has a {measure!r}{_lacking(measure)}; {nearest(measure, known)}"
        )
    objective = declared.get(measure) or Objective(measure, _natural_direction(measure, goals))
    goals = replace(goals, objectives=tuple((declared | {measure: objective}).values()))
    worth = measure if objective.maximize else f"-{measure}"
    return replace(goals, utility=_parsed_utility(worth, goals, "--best"), recommend=True)


def _lacking(measure: str) -> str:
    """What the file must say for a figure to be known."""
    figure = figure_of(measure)
    needs = figure.needs or (figure.meter and (figure.meter.section, figure.meter.example))
    return f", which needs a section such as `{needs[0]}: {needs[1]}`" if needs else ""


def _known_figures(results: Results) -> list[str]:
    """The names of all figures that any pipeline has."""
    scores = dict.fromkeys(name for evaluation in results.explored for name in evaluation.scores)
    names = [*scores, *(name for name, figure in FIGURES.items() if not figure.of_deployments)]
    return [name for name, has in zip(names, _any_known(results, names), strict=True) if has]


def _any_known(results: Results, names: Sequence[str]) -> list[bool]:
    known = np.isfinite(figures(results.explored, names))
    return [bool(known[:, column].any()) for column in range(len(names))]


def _natural_direction(measure: str, goals: Goals) -> bool:
    return FIGURES[measure].maximize if measure in FIGURES else _more_is_better(measure, goals)


def _parsed_utility(text: str, goals: Goals, option: str = "--utility") -> Utility:
    try:
        return parse_utility(text, goals.objectives)
    except InputError as error:
        raise InputError(f"{option}: {error}") from None
