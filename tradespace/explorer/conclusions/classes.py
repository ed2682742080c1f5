"""Pipelines that answer alike: one pipeline in several disguises, to be counted once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from tradespace.explorer.results import Evaluation


def answer_classes(evaluations: Sequence[Evaluation], scores: Sequence[str]) -> list[list[int]]:
    """Group pipelines that answered every question of their split alike, and so score the same by all these measures.

    The groups hold places, in order. A pipeline whose answers are not known, as in older studies, is alone.
    """
    groups: defaultdict[object, list[int]] = defaultdict(list)
    for place, evaluation in enumerate(evaluations):
        rows = tuple(tuple(evaluation.scores.get(name, ())) for name in scores)
        groups[(evaluation.question_set, evaluation.answers, rows) if evaluation.answers else place].append(place)
    return list(groups.values())


def answered_alike(evaluations: Sequence[Evaluation], scores: Sequence[str]) -> list[tuple[str, ...]]:
    """Return for each pipeline the names of the others in its class."""
    alike: list[tuple[str, ...]] = [()] * len(evaluations)
    for group in answer_classes(evaluations, scores):
        for place in group:
            alike[place] = tuple(evaluations[other].pipeline for other in group if other != place)
    return alike
