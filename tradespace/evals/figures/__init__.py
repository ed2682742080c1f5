"""Every figure of merit by name. A new one joins through the list here; each measure of questions is one too."""

from __future__ import annotations

from typing import Any

from tradespace.evals.figures.base import Figure, Kind, Meter, Rates, Tables, Wording
from tradespace.evals.figures.joules_per_question import JOULES_PER_QUESTION
from tradespace.evals.figures.latency import LATENCIES
from tradespace.evals.figures.score import score
from tradespace.evals.figures.summaries import CorrectedMean, Mean, Quantile, Summary
from tradespace.evals.figures.units import Unit
from tradespace.evals.figures.usd_per_1k import USD_PER_1K
from tradespace.evals.figures.usd_per_hour import USD_PER_HOUR

FIGURES: dict[str, Figure] = {
    figure.name: figure for figure in (*LATENCIES, USD_PER_1K, USD_PER_HOUR, JOULES_PER_QUESTION)
}
"""The figures that are measured, by name: all but scores."""
METERS: tuple[Meter[Any], ...] = tuple(figure.meter for figure in FIGURES.values() if figure.meter)
"""How the quantities become known that no call tells of."""


def figure_of(name: str) -> Figure:
    """The figure of that name: one that is measured, or else the mean score of a measure."""
    return FIGURES.get(name) or score(name)


__all__ = [
    "FIGURES",
    "LATENCIES",
    "METERS",
    "USD_PER_1K",
    "USD_PER_HOUR",
    "CorrectedMean",
    "Figure",
    "Kind",
    "Mean",
    "Meter",
    "Quantile",
    "Rates",
    "Summary",
    "Tables",
    "Unit",
    "Wording",
    "figure_of",
]
