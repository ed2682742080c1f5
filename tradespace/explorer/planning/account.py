"""What a search takes, beside what it was estimated to take."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tradespace.explorer.results import Outlay
from tradespace.explorer.running.tally import Tally


@dataclass
class Account:
    """Counts what is made from now on, until it is closed.

    Attributes:
        tally: where the calls of the search are counted.
        usd_per_hour: what the machine costs; None where that is unknown, and dollars are missing.
        pipelines: those evaluated so far.
        estimated: what was estimated before; None where that was not possible.
        phases: seconds of each phase of this run.
        ended: why the search ended, where that was its budget.
    """

    tally: Tally
    usd_per_hour: float | None
    pipelines: int = 0
    estimated: Outlay | None = None
    phases: dict[str, float] = field(default_factory=dict)
    ended: str = ""
    _before: Tally = field(init=False)
    _closed: Outlay | None = None

    def __post_init__(self) -> None:
        self._before = replace(self.tally)

    @property
    def spent(self) -> Outlay:
        """What the search has taken."""
        return self._closed or self._so_far()

    def close(self) -> None:
        """Whatever is counted later is not the search's."""
        self._closed = self._so_far()

    def _so_far(self) -> Outlay:
        seconds = self.tally.seconds - self._before.seconds
        usd = (
            None
            if self.usd_per_hour is None
            else seconds * self.usd_per_hour / 3600 + self.tally.usd - self._before.usd
        )
        return Outlay(self.pipelines, self.tally.made - self._before.made, seconds, usd)
