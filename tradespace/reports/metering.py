"""How quantities that calls do not record became known: measured, or estimated from what a user states."""

from __future__ import annotations

from typing import Any

from tradespace.evals.figures import FIGURES, Figure, Meter
from tradespace.explorer.results import Evaluation, Results
from tradespace.plurals import count


def metering_sentences(results: Results) -> tuple[str, ...]:
    """What a careful reader should know of figures such as energy."""
    evaluations = (*results.explored, *results.confirmed)
    return tuple(
        sentence
        for figure in FIGURES.values()
        if (meter := figure.meter)
        for sentence in _sentences(figure, meter, [one for one in evaluations if meter.quantity in one.metered])
    )


def _sentences(figure: Figure, meter: Meter[Any], evaluations: list[Evaluation]) -> list[str]:
    name = figure.wording.name[0].upper() + figure.wording.name[1:]
    modelled = sum(meter.quantity in one.modelled for one in evaluations)
    counted = len(evaluations) - modelled
    return [
        *([f"{name} is counted by {meter.counted_by} for {count(counted, 'evaluation')}."] if counted else []),
        *(
            [f"{name} is modelled for {count(modelled, 'evaluation')}, all or in part: {meter.reckoned_from}."]
            if modelled
            else []
        ),
    ]
