"""Menus of synthetic pipelines, for tests of what chooses from them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tradespace.explorer.load.profiles import BatchProfile
from tradespace.explorer.load.stations import OfferedRequests
from tradespace.search_space.deployment import Host, StageGroup
from tradespace.serving.adaptation.menu import Menu, ServiceBound, Variant, by_accuracy

HALVING = BatchProfile(sizes=(1, 8), factors=((1.0,), (0.5,)), start=0.002)
"""A batch of 8 takes half as long as its requests one after the other."""


def synthetic_variant(name: str, accuracy: float, means: Sequence[float], questions: int = 50) -> Variant:
    """A pipeline that takes so many seconds in the mean in each group; questions take from half to one and a half."""
    spread = np.linspace(0.5, 1.5, questions)[:, None]
    return Variant(name, accuracy, spread * np.array(means), (HALVING,) * len(means))


def synthetic_menu(
    variants: Sequence[Variant] | None = None,
    replicas: Sequence[int] = (1, 2, 3, 4),
    batches: Sequence[int] = (1, 4),
    *,
    budget: float | None = None,
    startup: float = 0.0,
    seconds: float = 0.15,
) -> Menu:
    """A menu of two groups of stages; a replica costs a cent an hour."""
    settings = tuple(
        tuple(StageGroup((stage,), count, batch, host="cpu") for count in replicas for batch in batches)
        for stage in ("retrieve", "generate")
    )
    usual = (
        synthetic_variant("plain()", 0.5, (0.004, 0.010)),
        synthetic_variant("better()", 0.6, (0.008, 0.020)),
        synthetic_variant("best()", 0.65, (0.010, 0.045)),
    )
    return Menu(
        by_accuracy(variants or usual),
        settings,
        ServiceBound(seconds),
        (Host("cpu", 0.01),),
        budget=budget,
        startup=startup,
    )


def steady_requests(rates: Sequence[float], seconds_each: int, seed: int = 0, questions: int = 50) -> OfferedRequests:
    """Poisson arrivals of one rate after the other, each for so many seconds."""
    generator = np.random.default_rng(seed)
    counts = generator.poisson(np.repeat(rates, seconds_each))
    arrivals = np.sort(np.repeat(np.arange(len(counts)), counts) + generator.random(counts.sum()))
    return OfferedRequests(arrivals, generator.integers(questions, size=len(arrivals)))
