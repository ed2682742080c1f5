"""Ray on this machine: three nodes of two cores each, as if they were three machines."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.explorer.running.executors.on_ray.nodes import RayNodes, ray_nodes


@pytest.fixture(scope="session")
def cluster() -> Iterator[RayNodes]:
    """A cluster that this process is connected to."""
    import ray

    with ray_nodes(3) as nodes:
        ray.init(address=nodes.address, log_to_driver=False, logging_level="ERROR")
        try:
            yield nodes
        finally:
            ray.shutdown()
