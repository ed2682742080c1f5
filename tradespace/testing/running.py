"""Running components on requests, as the contract suites do."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pytest

from tradespace.components.base import Component, Operator, answer_of, ranking_of
from tradespace.components.corpus import Corpus
from tradespace.components.direct import directly, run_directly
from tradespace.components.processes import drive, side_by_side
from tradespace.types import Answer, Outcome, Request


def run_one(component: Component, corpus: Corpus, request: Request) -> Outcome:
    """Answer one request on its own."""
    return run_directly(component.process(request), cache(lambda part: part.open(corpus)))


def run_together(component: Component, corpus: Corpus, requests: Sequence[Request]) -> list[Outcome]:
    """Answer requests side by side, so that every operator gets their calls as one batch."""

    @cache
    def operator_of(part: Component) -> Operator:
        return part.open(corpus)

    return drive(side_by_side(component.process(request) for request in requests), directly(operator_of))


def assert_same(left: Outcome, right: Outcome) -> None:
    """Two outcomes are the same, but for the last digits of floating-point sums over batches of other shapes."""
    if isinstance(left, Answer):
        other = answer_of(right)
        assert (left.text, left.passage_id) == (other.text, other.passage_id)
        assert left.score == pytest.approx(other.score, abs=1e-3)
        return
    ranking, others = ranking_of(left), ranking_of(right)
    assert [scored.passage.id for scored in ranking] == [scored.passage.id for scored in others]
    assert [scored.score for scored in ranking] == pytest.approx([scored.score for scored in others], abs=1e-3)
