"""Faults of a real server: whatever happens, every client is told what became of its request.

How fast it recovers, and with how many clients and requests at once, is measured by `python -m bench.load.faults`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bench.load.faults import (
    Effort,
    Fault,
    hanging,
    many_connections,
    replica_killed,
    silent_clients,
    terminated,
)

LITTLE = Effort(seconds=3.0, connections=300, requests=600)

pytestmark = [pytest.mark.slow, pytest.mark.crash]


@pytest.mark.parametrize(
    "happens",
    [
        pytest.param(replica_killed, id="a replica is killed"),
        pytest.param(silent_clients, id="clients send nothing"),
        pytest.param(many_connections, id="a flood of connections"),
        pytest.param(hanging, id="a component hangs"),
        pytest.param(terminated, id="SIGTERM in a burst"),
    ],
)
def test_no_request_is_lost_without_a_word(happens: Callable[[Effort, Path], Fault], tmp_path: Path) -> None:
    """It is answered, or refused, or told that it is too late."""
    fault = happens(LITTLE, tmp_path)
    assert fault.told, fault.seen
