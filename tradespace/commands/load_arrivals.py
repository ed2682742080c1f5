"""When the requests of `tradespace load` and `tradespace adapt` come, from what their options say."""

from __future__ import annotations

from dataclasses import dataclass

from tradespace.data.traffic import find_trace
from tradespace.errors import InputError
from tradespace.explorer.arrays import Floats
from tradespace.explorer.load.arrivals import arrivals_within, first_arrivals
from tradespace.search_space.deployment import Load
from tradespace.search_space.deployment.quantities import per_second
from tradespace.search_space.deployment.settings import MOST_BURSTINESS
from tradespace.search_space.goals import seconds
from tradespace.serving.load_generator.schedule import MOST_REQUESTS, MOST_SECONDS

USUAL_SECONDS = 60.0
"""How long a load lasts if nothing is said."""


@dataclass(frozen=True)
class LoadWishes:
    """What load the command line wants; None is what it does not say."""

    rate: str | None
    burstiness: float | None
    trace: str | None
    duration: str | None
    requests: int | None
    warm_up: str | None
    seed: int


def load_arrivals(wishes: LoadWishes) -> Floats:
    """When requests are sent, those of the warm-up included, in seconds from the start.

    Raises:
        InputError: no load is named, an option is wrong, or nothing arrives.
    """
    load = _load(wishes)
    trace = find_trace(load.trace) if load.trace else None
    rate = load.rate or (trace.rate if trace else 0.0)
    end = _end(wishes)
    if min(wishes.requests or MOST_REQUESTS + 1, rate * end) > MOST_REQUESTS:
        raise InputError(f"a load has at most {MOST_REQUESTS:,} requests: lower --rate, --duration or --requests")
    if wishes.requests:
        arrivals = first_arrivals(load, wishes.requests, wishes.seed, trace)
        arrivals = arrivals[arrivals < end]
    else:
        arrivals = arrivals_within(load, end, wishes.seed, trace)
    if not len(arrivals):
        raise InputError(f"nothing arrives in {end:g} s at {rate:g} requests a second: raise --duration or --rate")
    return arrivals


def option_seconds(text: str | None, option: str) -> float | None:
    """A duration that an option gives; None where it does not.

    Raises:
        InputError: it is none.
    """
    try:
        return None if text is None else seconds(text)
    except ValueError as error:
        raise InputError(f"{option} {error}") from None


def _load(wishes: LoadWishes) -> Load:
    if not (wishes.rate or wishes.trace):
        raise InputError("say which load: --rate '5 per s', or --trace with a name or a CSV file")
    if wishes.trace and wishes.burstiness is not None:
        raise InputError("--burstiness: a trace is as bursty as it was recorded; leave one of the two out")
    burstiness = 1.0 if wishes.burstiness is None else wishes.burstiness
    if not 0 <= burstiness <= MOST_BURSTINESS:
        raise InputError(f"--burstiness must be a number from 0 to {MOST_BURSTINESS:g}; given: {burstiness:g}")
    try:
        return Load(per_second(wishes.rate) if wishes.rate else None, burstiness, wishes.trace or "")
    except ValueError as error:
        raise InputError(f"--rate {error}") from None


def _end(wishes: LoadWishes) -> float:
    warm_up = option_seconds(wishes.warm_up, "--warm-up") or 0.0
    duration = option_seconds(wishes.duration, "--duration")
    if duration is None:
        return MOST_SECONDS if wishes.requests else warm_up + USUAL_SECONDS
    if warm_up + duration > MOST_SECONDS:
        raise InputError(f"a load lasts at most {MOST_SECONDS / 3600:g} hours; given: {duration:g} s")
    return warm_up + duration
