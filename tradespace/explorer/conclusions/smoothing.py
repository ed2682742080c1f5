"""What pipelines score, as those that are like them score too: luck of single pipelines is averaged out.

The best of many means is the best partly by luck. Ridge regression on settings and pairs of settings keeps of each
figure what its neighbours in the space bear out. Choosing by it does better on fresh questions (docs/benchmarks.md,
"Trust"). It is for choosing alone: what is quoted is measured.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np

from tradespace.explorer.arrays import Floats
from tradespace.explorer.results import Evaluation
from tradespace.syntax import parse_expression

PENALTY = 0.2
"""Of the ridge, where pipelines have settings of length 1 in the mean, and pairs too: more luck takes more, but from 25
to 150 questions a half or twice as much chooses no worse."""
FEWEST, LIMIT = 8, 1000
"""Pipelines that are smoothed at least, and that are learnt from at most."""

Setting = tuple[str, ...]


def smoothed(evaluations: Sequence[Evaluation], values: Floats) -> Floats:
    """Return the pipelines' figures, of shape (evaluations), as ridge regression on their settings gives them; figures
    that are not finite, and those of too few pipelines, stay what they are."""
    finite = np.flatnonzero(np.isfinite(values))
    if len(finite) < FEWEST:
        return values
    settings = _settings([evaluations[place] for place in finite.tolist()])
    learnt = np.unique(np.linspace(0, len(finite) - 1, LIMIT).round().astype(np.intp))
    known = values[finite][learnt]
    likeness = _likeness(settings, settings[learnt])
    weights = np.linalg.solve(likeness[learnt] + PENALTY * np.eye(len(learnt)), known - known.mean())
    result = values.copy()
    result[finite] = known.mean() + likeness @ weights
    return result


def _likeness(settings: Floats, others: Floats) -> Floats:
    """How many settings two pipelines share, and how many pairs of them, each as a part of what one has."""
    shared = settings @ others.T
    counts = settings.sum(axis=1)
    pairs = counts * (counts - 1) / 2
    return np.asarray(shared / max(1.0, counts.mean()) + shared * (shared - 1) / 2 / max(1.0, pairs.mean()))


def _settings(evaluations: Sequence[Evaluation]) -> Floats:
    """Which settings pipelines have, of shape (evaluations, settings): those that not all of them have."""
    found = [set(_settings_of(evaluation)) for evaluation in evaluations]
    common = set.intersection(*found)
    places = {setting: place for place, setting in enumerate(sorted(set().union(*found) - common))}
    table = np.zeros((len(found), len(places)))
    for row, settings in enumerate(found):
        table[row, [places[setting] for setting in settings - common]] = 1.0
    return table


def _settings_of(evaluation: Evaluation) -> Iterator[Setting]:
    for stage, component in evaluation.stages.items():
        yield from ((stage, *setting) for setting in component_settings(component))


@lru_cache(maxsize=65_536)
def component_settings(notation: str) -> tuple[Setting, ...]:
    """The settings that a component's notation names, each with the way to it; one that is left out is the default.

    >>> component_settings("hybrid(fusion=rrf(k=60), top_k=5)")
    (('hybrid',), ('hybrid', 'fusion', 'rrf'), ('hybrid', 'fusion', 'rrf', 'k', '60'), ('hybrid', 'top_k', '5'))
    """
    try:
        return tuple(_walk(parse_expression(notation)))
    except SyntaxError:
        return ((notation,),)


def _walk(node: ast.expr, way: Setting = ()) -> Iterator[Setting]:
    if isinstance(node, ast.Tuple) and any(isinstance(item, ast.Call) for item in node.elts):
        for place, item in enumerate(node.elts):
            yield from _walk(item, (*way, str(place)))
        return
    if not isinstance(node, ast.Call):
        yield (*way, ast.unparse(node))
        return
    here = (*way, ast.unparse(node.func))
    yield here
    arguments = [(str(place), value) for place, value in enumerate(node.args)]
    for name, value in [*arguments, *((keyword.arg or "**", keyword.value) for keyword in node.keywords)]:
        yield from _walk(value, (*here, name))
