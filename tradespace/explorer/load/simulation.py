"""What becomes of requests that are offered to a deployed pipeline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tradespace.explorer.arrays import Flags, Floats
from tradespace.explorer.load.blocks import blocks_of
from tradespace.explorer.load.coupled import serve_together
from tradespace.explorer.load.event_driven import simulate_by_events
from tradespace.explorer.load.feed_forward import serve_alone
from tradespace.explorer.load.patient import PatientRequests, all_patient
from tradespace.explorer.load.stations import (
    Demand,
    OfferedRequests,
    SimulatedRequests,
    Station,
)
from tradespace.search_space.deployment import PATIENT

TIMEOUT_ROUNDING = 1e-9
"""How near a timeout the faster ways do not tell whether it passed, as a share."""


def simulate(
    stations: Sequence[Station], demand: Demand, offered: OfferedRequests, *, seed: int = 0, scatter: bool = True
) -> SimulatedRequests:
    """Send the requests through the stations, one after the other, until all have ended.

    Where tail policies only have timeouts, requests are first taken to be patient, which is computed faster: if none
    took so long, nothing else would have happened.

    Args:
        stations: that every request visits, in order, until it fails.
        demand: what each question asks of them.
        offered: the requests.
        seed: of what is drawn: how far each batch or call is off its profile.
        scatter: whether that is drawn; without it all take what is foretold.
    """
    patient = [replace(station, tail=PATIENT) for station in stations]
    blocks = blocks_of(patient) if all_patient(patient) and _may_wait(stations, demand) else None
    if blocks is not None:
        requests = PatientRequests(patient, demand, offered, seed=seed, scatter=scatter)
        for block in blocks:
            if block.coupled:
                serve_together(requests, block.positions)
            else:
                serve_alone(requests, block.positions.start)
        longest = (requests.ended - requests.entered).max(axis=0, initial=0.0)
        if not policies_act(stations, longest, np.asarray(requests.fails.any(axis=0))):
            return requests.simulated()
    return simulate_by_events(stations, demand, offered, seed=seed, scatter=scatter)


def _may_wait(stations: Sequence[Station], demand: Demand) -> bool:
    """Whether policies may never come into play: some answers always are slow enough for a hedge. A fallback's seconds
    must be known nevertheless."""
    return all(
        station.tail.hedge_after is None and (not station.tail.fallback or position in demand.fallbacks)
        for position, station in enumerate(stations)
    )


def policies_act(stations: Sequence[Station], longest: Floats, failing: Flags) -> bool:
    """Whether tail policies would change what became of requests that nothing was done about.

    Args:
        stations: with their policies.
        longest: seconds of the longest visit of each, its queue included, of shape (stations,).
        failing: whether any request fails there.
    """
    return any(
        tail.hedge_after is not None
        or (tail.timeout is not None and longest[place] >= (1 - TIMEOUT_ROUNDING) * tail.timeout)
        or ((tail.retries > 0 or bool(tail.fallback)) and bool(failing[place]))
        for place, tail in enumerate(station.tail for station in stations)
    )
