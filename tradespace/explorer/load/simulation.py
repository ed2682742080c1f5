"""What becomes of requests that are offered to a deployed pipeline."""

from __future__ import annotations

from collections.abc import Sequence

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


def simulate(
    stations: Sequence[Station], demand: Demand, offered: OfferedRequests, *, seed: int = 0, scatter: bool = True
) -> SimulatedRequests:
    """Send the requests through the stations, one after the other, until all have ended.

    Args:
        stations: that every request visits, in order, until it fails.
        demand: what each question asks of them.
        offered: the requests.
        seed: of what is drawn: how far each batch or call is off its profile.
        scatter: whether that is drawn; without it all take what is foretold.
    """
    blocks = blocks_of(stations) if all_patient(stations) else None
    if blocks is None:
        return simulate_by_events(stations, demand, offered, seed=seed, scatter=scatter)
    requests = PatientRequests(stations, demand, offered, seed=seed, scatter=scatter)
    for block in blocks:
        if block.coupled:
            serve_together(requests, block.positions)
        else:
            serve_alone(requests, block.positions.start)
    return requests.simulated()
