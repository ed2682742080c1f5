"""What calls cost: seconds of this machine, foretold from single calls that were timed, or dollars of a price list."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.optimize import nnls
from tokenizers import Tokenizer

from tradespace.components.base import Call, Component, Operator
from tradespace.components.corpus import Corpus
from tradespace.components.encoders.base import tokenizer
from tradespace.components.roles import Role
from tradespace.explorer.arrays import Floats, Integers
from tradespace.explorer.running.bill import Bill, PaidCall
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.types import Completion, Outcome, Request

SAMPLES, ROUNDS = 24, 3
"""Questions on which the calls of each component are timed, and how often; the least of the rounds counts."""
CORES = 2
CHEAP = 0.1
"""A component is cheap whose calls take less than this share of all seconds."""


@dataclass(frozen=True)
class Seconds:
    """What calls take.

    Attributes:
        own: of each call, beyond what it shares.
        shared: what the calls of a component share that are made together, such as encoding the question.
        together: how many calls share it, in the mean.
    """

    own: Floats
    shared: Floats
    together: Floats

    @property
    def prices(self) -> Floats:
        """Of each call, with its part of what is shared."""
        return self.own + self.shared / self.together

    def of_round(self, calls: Sequence[int]) -> float:
        """Calls that are made in parallel: what is shared comes first, then they run on all cores."""
        return float(self.shared[list(calls)].max(initial=0.0)) + makespan(self.own[list(calls)].tolist())


def dollars(calls: Sequence[Call], outcomes: Sequence[Outcome], bill: Bill) -> Floats:
    """By a price list."""
    return np.array([bill.total([PaidCall(*pair)]) for pair in zip(calls, outcomes, strict=True)])


def seconds(
    calls: Sequence[Call], outcomes: Sequence[Outcome], opened: OpenedComponents, corpus: Corpus, seed: int = 0
) -> Seconds:
    """Processor seconds of calls: those that were timed, by their tokens, tell of the others of their component."""
    generator = np.random.default_rng(seed)
    own, shared, together = np.zeros(len(calls)), np.zeros(len(calls)), np.ones(len(calls))
    for component, places in by_component(calls).items():
        features = np.array([_features(calls[place], outcomes[place]) for place in places], dtype=float)
        groups = list(_by_question([calls[place] for place in places]).values())
        sample = [groups[n] for n in generator.permutation(len(groups))[:SAMPLES]]
        operate = opened.operator(component, corpus)
        timed = np.array([_timed(operate, [calls[place] for place in places[group]]) for group in sample])
        sums = np.array([[1.0, *features[group].sum(axis=0)] for group in sample])
        coefficients = _fit(sums, timed)
        own[places], shared[places] = features @ coefficients[1:], coefficients[0]
        together[places] = len(places) / len(groups)
    return Seconds(own, shared, together)


def cheap(calls: Sequence[Call], prices: Floats) -> np.ndarray:
    """Which calls rank passages, and take little of the whole."""
    flags = np.zeros(len(calls), dtype=bool)
    for component, places in by_component(calls).items():
        ranks = component.role in (Role.RETRIEVE, Role.RERANK)
        flags[places] = ranks and prices[places].sum() < CHEAP * prices.sum()
    return flags


def by_component(calls: Sequence[Call]) -> dict[Component, Integers]:
    """The places of each component's calls."""
    places: defaultdict[Component, list[int]] = defaultdict(list)
    for place, call in enumerate(calls):
        places[call.component].append(place)
    return {component: np.array(row, dtype=np.intp) for component, row in places.items()}


def makespan(prices: Sequence[float], cores: int = CORES) -> float:
    """Seconds of calls that are made in parallel on some cores, the longest first (Graham 1969)."""
    busy = [0.0] * cores
    for price in sorted(prices, reverse=True):
        busy[busy.index(min(busy))] += price
    return max(busy)


def _by_question(calls: Sequence[Call]) -> dict[object, list[int]]:
    """The places of calls about one question, or with one prompt."""
    places: defaultdict[object, list[int]] = defaultdict(list)
    for place, call in enumerate(calls):
        request = call.request
        places[request.question if isinstance(request, Request) else getattr(request, "messages", request)].append(
            place
        )
    return places


def _features(call: Call, outcome: Outcome) -> tuple[float, float, float]:
    """What the seconds of a call depend on: a constant, and tokens read and written, or tokens and their square."""
    if isinstance(outcome, Completion):
        return 1.0, float(outcome.tokens_in), float(outcome.tokens_out)
    texts = [passage.text for passage in call.request.passages] if isinstance(call.request, Request) else []
    tokens = float(sum(_tokens(text) for text in texts))
    return 1.0, tokens, tokens**2


@cache
def _tokens(text: str) -> int:
    return len(_tokenizer().encode(text).ids)


@cache
def _tokenizer() -> Tokenizer:
    return tokenizer()


def _timed(operate: Operator, calls: Sequence[Call]) -> float:
    elapsed = []
    for _ in range(ROUNDS):
        start = time.process_time()
        operate([call.request for call in calls])
        elapsed.append(time.process_time() - start)
    return min(elapsed)


def _fit(features: Floats, timed: Floats) -> Floats:
    """Non-negative least squares of relative errors."""
    weights = 1 / np.maximum(timed, 1e-6)
    coefficients, _ = nnls(features * weights[:, None], timed * weights)
    return np.asarray(coefficients)
