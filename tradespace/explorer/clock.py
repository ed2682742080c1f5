"""Time that an exploration has used, over all the runs it was continued in."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass
class Clock:
    """Counts seconds on top of those that earlier runs used."""

    earlier: float = 0.0
    _start: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """Seconds used so far."""
        return self.earlier + time.monotonic() - self._start
