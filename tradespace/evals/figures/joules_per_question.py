"""Energy: joules that the machine takes while it answers a question, what it takes idle included."""

from __future__ import annotations

from pydantic import Field

from tradespace.evals.figures.base import Figure, Kind, Meter, Rates, Wording
from tradespace.evals.figures.energy_counters import joules_counted
from tradespace.evals.figures.summaries import Mean
from tradespace.evals.figures.units import Unit, three_digits


class Power(Rates):
    """What the machine draws while it answers, for where its own counters cannot be read."""

    host_watts: float = Field(gt=0, description="watts of the machine that pipelines run on, while it answers")


def _joules(joules: float) -> str:
    return f"{three_digits(joules)} J" if joules >= 0.1 else f"{three_digits(1000 * joules)} mJ"


JOULES_PER_QUESTION = Figure(
    name="joules_per_question",
    what="energy of the machine for one question: measured, or else [estimated](space.md#power)",
    kind=Kind.COST,
    maximize=False,
    unit=Unit("joules", "J", _joules),
    values=lambda tables: tables.metered("joules"),
    summary=Mean(),
    wording=Wording("energy per question", "J / question", "how many joules", "use more energy"),
    meter=Meter(
        quantity="joules",
        count=joules_counted,
        counted_by="the counters of this machine's processors and cards (RAPL, NVML)",
        section="power",
        rates=Power,
        example="{host_watts: 65}",
        reckon=lambda seconds, power: seconds * power.host_watts,
        reckoned_from="seconds times the watts that the section `power` states",
    ),
)
