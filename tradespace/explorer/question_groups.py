"""Groups of questions: which there are, and which are large enough to be held to a limit.

A limit that is stated for each group of a column names no groups: these are known once the questions are. What a group
scores is what its questions score, so that nothing is called for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from tradespace.data import QuestionSets
from tradespace.errors import Fault, SpaceError
from tradespace.evals.group_names import GroupName
from tradespace.evals.measures import Measure
from tradespace.explorer.results import Evaluation, GroupColumns, Results
from tradespace.plurals import count
from tradespace.search_space.bounds import Bound
from tradespace.search_space.goals import Goals
from tradespace.search_space.specification import Specification
from tradespace.types import Question

FEWEST_IN_GROUP = 10
"""Questions of each split that a group must have at least to be held to a limit, or judged at all."""

ColumnOf = Callable[[Bound], Sequence[Sequence[str]]]
"""For each split that has questions, the groups of those that the measure of a limit can score; empty where none."""

MeasureCalled = Callable[[str], Measure]
"""The measures, by name."""


def group_columns(questions: Sequence[Question]) -> dict[str, tuple[str, ...]]:
    """By column, the group of each question; empty where it has none.

    >>> group_columns([Question("1", "Who?", groups=(("language", "en"),)), Question("2", "When?")])
    {'language': ('en', '')}
    """
    rows = [dict(question.groups) for question in questions]
    columns = dict.fromkeys(column for row in rows for column in row)
    return {column: tuple(row.get(column, "") for row in rows) for column in columns}


def with_groups(specification: Specification, splits: QuestionSets) -> Specification:
    """The specification, with the groups that each of its limits is for.

    Raises:
        SpaceError: a limit names a column that no question has, or in which no group is large enough.
    """
    require_groups(specification, splits)
    goals = held_to(specification.goals, _in_splits(splits, specification.measure))
    deployment = specification.deployment
    if deployment:
        deployment = replace(deployment, goals=held_to(deployment.goals, _in_splits(splits, specification.measure)))
    return replace(specification, goals=goals, deployment=deployment)


def held_to(goals: Goals, column_of: ColumnOf) -> Goals:
    """The goals, with the groups that each of their limits is for, where they are not known yet: those that are large
    enough in every split."""

    def held(limit: Bound) -> Bound:
        return replace(limit, groups=_held(column_of(limit))) if limit.column and not limit.groups else limit

    return replace(goals, limits=tuple(map(held, goals.limits)))


def require_groups(specification: Specification, splits: QuestionSets) -> None:
    """Make sure that each limit that is for each group is one for some group.

    Raises:
        SpaceError: it names a column that no question has, or in which no group is large enough.
    """
    known = group_columns([*splits.explore, *splits.confirm])
    where = str(specification.path or "")
    problems = (
        _problem(limit, known, _in_splits(splits, specification.measure))
        for limit in specification.goals.limits
        if limit.column
    )
    if faults := [Fault(problem, where) for problem in problems if problem]:
        raise SpaceError(faults)


def left_out(specification: Specification, splits: QuestionSets) -> list[str]:
    """What is to be said of groups that are not held to a limit, as there are too few questions of them."""
    column_of = _in_splits(splits, specification.measure)
    limits = (limit for limit in specification.goals.limits if limit.column)
    return [_left_out(limit, small) for limit in limits if (small := _small(limit, column_of))]


def questions_for_groups(specification: Specification, questions: Sequence[Question]) -> int:
    """How many questions, from the front, have enough of each group that is held to a limit."""
    needed = 0
    for limit in specification.goals.limits:
        left = dict.fromkeys(limit.groups, FEWEST_IN_GROUP)
        for place, group in _scored(limit, questions, specification.measure):
            if left.get(group):
                left[group] -= 1
                needed = max(needed, place + 1)
    return needed


def with_group_scores(results: Results) -> Results:
    """The results, where each evaluation has what the groups score that its goals have limits for."""
    wanted = [GroupName(limit.measure, limit.column, group) for limit in results.goals.limits for group in limit.groups]
    if not wanted:
        return results

    def with_rows(evaluations: Sequence[Evaluation]) -> tuple[Evaluation, ...]:
        columns = results.provenance.groups
        return tuple(_with_rows(each, wanted, columns.get(each.question_set, {})) for each in evaluations)

    return replace(results, explored=with_rows(results.explored), confirmed=with_rows(results.confirmed))


def masked(scores: Iterable[float | None], column: Iterable[str], group: str) -> tuple[float | None, ...]:
    """Scores of questions, without those of other groups; `column` may go on behind them.

    >>> masked((1.0, 0.0, None), ("de", "en", "de"), "de")
    (1.0, None, None)
    """
    return tuple(score if value == group else None for score, value in zip(scores, column, strict=False))


def in_results(results: Results) -> ColumnOf:
    """The groups of the questions that pipelines were scored on, by split."""
    scored = [some[0] for some in (results.explored, results.confirmed) if some]

    def column_of(limit: Bound) -> Sequence[Sequence[str]]:
        return [_groups_scored(each, limit, results.provenance.groups.get(each.question_set, {})) for each in scored]

    return column_of


def _groups_scored(evaluation: Evaluation, limit: Bound, columns: GroupColumns) -> list[str]:
    scores, column = evaluation.scores.get(limit.measure, ()), columns.get(limit.column, ())
    return [group for score, group in zip(scores, column, strict=False) if score is not None]


def _with_rows(evaluation: Evaluation, names: Sequence[GroupName], columns: GroupColumns) -> Evaluation:
    rows = {
        str(name): masked(evaluation.scores[name.measure], columns[name.column], name.value)
        for name in names
        if name.measure in evaluation.scores and name.column in columns
    }
    return replace(evaluation, scores={**evaluation.scores, **rows})


def _in_splits(splits: QuestionSets, measure_called: MeasureCalled) -> ColumnOf:
    def column_of(limit: Bound) -> Sequence[Sequence[str]]:
        asked = (split for split in (splits.explore, splits.confirm) if split)
        return [[group for _, group in _scored(limit, questions, measure_called)] for questions in asked]

    return column_of


def _scored(limit: Bound, questions: Sequence[Question], measure_called: MeasureCalled) -> Iterable[tuple[int, str]]:
    """The places of the questions that a limit's measure can score, with their groups."""
    scoring = measure_called(limit.measure)
    places = ((place, question) for place, question in enumerate(questions) if scoring.applies_to(question))
    return ((place, dict(question.groups).get(limit.column, "")) for place, question in places)


def _held(splits: Sequence[Sequence[str]]) -> tuple[str, ...]:
    counts = [Counter(group for group in groups if group) for groups in splits]
    every = sorted(set[str]().union(*counts))
    return tuple(group for group in every if all(of_split[group] >= FEWEST_IN_GROUP for of_split in counts))


def _small(limit: Bound, column_of: ColumnOf) -> list[str]:
    known = {group for groups in column_of(limit) for group in groups if group}
    return sorted(known.difference(limit.groups))


def _left_out(limit: Bound, small: Sequence[str]) -> str:
    named = ", ".join(small[:5]) + (", …" if len(small) > 5 else "")
    groups = count(len(small), "group")
    return (
        f"the limit `{limit}` leaves out {groups} with fewer than {FEWEST_IN_GROUP} questions in a split that "
        f"{limit.measure} can score: {named}"
    )


def _problem(limit: Bound, known: Mapping[str, Sequence[str]], column_of: ColumnOf) -> str:
    if limit.column not in known:
        columns = f"their columns of groups are {', '.join(known)}" if known else "they have no columns of groups"
        return f"the limit `{limit}` needs questions with a column `{limit.column}`, and {columns} (docs/data.md)"
    if not _held(column_of(limit)):
        return (
            f"the limit `{limit}` needs a group of at least {FEWEST_IN_GROUP} questions in each split that "
            f"{limit.measure} can score, and `{limit.column}` has none: ask more questions, or choose another column"
        )
    return ""
