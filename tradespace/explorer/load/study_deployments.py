"""The deployments that a study explores, with what was measured for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tradespace.explorer.load.station_profiles import NOT_PROFILED, StationProfiles
from tradespace.explorer.load.traffic import Traffic
from tradespace.search_space.deployment import Load
from tradespace.search_space.deployment.space import DeploymentSpace
from tradespace.search_space.goals import Goals


@dataclass(frozen=True)
class StudyDeployments:
    """A space of deployments, and the profiles of the host that a study was timed on."""

    space: DeploymentSpace
    profiles: StationProfiles = NOT_PROFILED

    @property
    def traffics(self) -> tuple[Traffic, ...]:
        """Every load that the space names."""
        return tuple(self.traffic(load) for load in self.space.loads)

    def traffic(self, load: Load) -> Traffic:
        """A load, with its trace if it names one."""
        return Traffic(load, self.space.traces.get(load.trace))

    def under(self, goals: Goals, loads: Sequence[Load] = ()) -> StudyDeployments:
        """The same, judged by other goals, and under other loads if there are any."""
        return replace(self, space=replace(self.space, goals=goals, loads=tuple(loads) or self.space.loads))
