"""Reading what a user prefers: limits that pipelines must keep, and what they are worth."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

from tradespace.errors import InputError, nearest
from tradespace.evals.figures import FIGURES, Kind, figure_of
from tradespace.evals.group_names import GroupName
from tradespace.evals.statistics import SCORES
from tradespace.search_space.bounds import Bound
from tradespace.search_space.document import Route, YamlDocument
from tradespace.search_space.expressions import ExpressionSyntaxError
from tradespace.search_space.goals import Goals, HigherIsBetter, Objective, higher_is_better, seconds
from tradespace.search_space.utility import Utility

LIMIT = r"\s*([^\W\d]\S*?)\s*(<=|>=)\s*(\S.*?)(?:\s+for\s+each\s+(\S.*?))?\s*"
EXAMPLE = "answer_f1 >= 0.6"
SCALES = (0.01, 0.5, 5.0)
"""Where it is tried whether a utility rises with what is good: no figure is known yet."""


def parse_limit(text: str, of_questions: HigherIsBetter, objectives: Sequence[Objective] = ()) -> Bound:
    """Read a limit such as `answer_f1 >= 0.6`, `usd_per_1k <= 2`, `latency_p50 <= 50 ms`, or `answer_f1 >= 0.5 for each
    language`.

    A figure of which more is better can have a floor, any other a ceiling; an objective says itself what is better.

    Raises:
        InputError: the text is something else, or there is no such figure.
    """
    match = re.fullmatch(LIMIT, text)
    if match is None:
        raise InputError(f"a limit must be a figure, <= or >=, and a number, such as {EXAMPLE}; given: {text!r}")
    measure, sign, amount, column = match.groups()
    floor = _more_is_better(measure, of_questions, objectives)
    bound = Bound(measure, _amount(measure, amount), floor, column or "")
    if (sign == ">=") != floor:
        better = "more" if floor else "less"
        raise InputError(
            f"`{text}` would rule out the better pipelines: {better} of {measure} is better; try `{bound}`"
        )
    is_score = figure_of(measure).kind is Kind.SCORE
    if is_score and not SCORES[0] <= bound.limit <= SCORES[1]:
        raise InputError(f"{measure} is always from {SCORES[0]:g} to {SCORES[1]:g}; given: {text!r}")
    if column and not is_score:
        raise InputError(f"only what questions score is known for each {column}, and {measure} is measured: {text!r}")
    if column and GroupName.parse(measure):
        raise InputError(f"{measure} is that of one group already: leave `for each {column}` out of {text!r}")
    return bound


def _more_is_better(measure: str, of_questions: HigherIsBetter, objectives: Sequence[Objective]) -> bool:
    declared = {objective.measure: objective.maximize for objective in objectives}
    try:
        return declared[measure] if measure in declared else higher_is_better(measure, of_questions)
    except InputError as error:
        raise InputError(f"{error}; latency and cost: {', '.join(FIGURES)}") from None


def _amount(measure: str, text: str) -> float:
    is_latency = figure_of(measure).kind is Kind.LATENCY
    try:
        amount = seconds(text) if is_latency else float(text)
    except ValueError as error:
        raise InputError(f"{measure} {error if is_latency else _no_number(text)}") from None
    if not math.isfinite(amount):
        raise InputError(f"{measure} {_no_number(text)}")
    return amount


def _no_number(text: str) -> str:
    return f"must be compared with a number; given: {text!r}"


def read_limits(
    section: Any, route: Route, document: YamlDocument, of_questions: HigherIsBetter, goals: Goals
) -> tuple[Bound, ...]:
    """Read the `limits` section: floors and ceilings beside the SLA of the goals; no figure has two bounds."""
    if not isinstance(section, list) or not all(isinstance(text, str) for text in section):
        document.fault(route, f"must be a list of limits such as [{EXAMPLE}]; given: {section!r}")
        return ()
    bounds = {bound.bounded: bound for bound in goals.stated}
    limits: list[Bound] = []
    for place, text in enumerate(section):
        try:
            limit = parse_limit(text, of_questions, goals.objectives)
        except InputError as error:
            document.fault((*route, place), str(error))
            continue
        if earlier := bounds.get(limit.bounded):
            document.fault((*route, place), f"{limit.measure} has a bound already, `{earlier}`; leave one")
        bounds[limit.bounded] = limit
        limits.append(limit)
    return tuple(limits)


def parse_utility(text: str, objectives: Sequence[Objective]) -> Utility:
    """Read a utility over objectives, such as `answer_f1 - 0.05 * usd_per_1k`.

    Raises:
        InputError: it is none, names something else, or falls as an objective gets better.
    """
    try:
        utility = Utility(text)
    except ExpressionSyntaxError as error:
        raise InputError(f"the utility `{text}` {error}") from None
    names = [objective.measure for objective in objectives]
    for name in utility.measures:
        if name not in names:
            raise InputError(f"the utility `{text}` names {name!r}, which is no objective; {nearest(name, names)}")
    for objective in objectives:
        if all(_falls(utility, objective, names, scale) for scale in SCALES):
            direction = "maximized" if objective.maximize else "minimized"
            raise InputError(
                f"the utility `{text}` falls as {objective.measure} gets better, which is to be {direction}; "
                "mend the sign, or the objective's direction"
            )
    return utility


def _falls(utility: Utility, objective: Objective, names: Sequence[str], scale: float) -> bool:
    figures = dict.fromkeys(names, scale)
    better = figures | {objective.measure: scale * (1.1 if objective.maximize else 0.9)}
    return bool(utility.of(better) < utility.of(figures))


def read_utility(section: Any, route: Route, document: YamlDocument, objectives: Sequence[Objective]) -> Utility | None:
    """Read the `utility` section, an arithmetic expression over objectives."""
    if not isinstance(section, str):
        document.fault(route, f"must be text such as 'answer_f1 - 0.05 * usd_per_1k'; given: {section!r}")
        return None
    try:
        return parse_utility(section, objectives)
    except InputError as error:
        document.fault(route, str(error))
        return None


def read_recommend(section: Any, route: Route, document: YamlDocument) -> bool:
    """Read the `recommend` section: whether one pipeline is wanted, or the frontier alone."""
    if not isinstance(section, bool):
        document.fault(route, f"must be true, or false where the frontier alone is wanted; given: {section!r}")
    return section is not False
