"""Which parameters a model at an address does not take, learned from its refusals and kept for the run."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from tradespace.components.remote.refusals import OTHER_NAME


@dataclass
class Dialect:
    """What one model at one address was found not to take. Used on one event loop alone, so that nothing needs a lock.

    Attributes:
        model: who it is, in words.
        refused: the parameters that requests are sent without, by name, or under their other name.
    """

    model: str
    refused: set[str] = field(default_factory=set)

    def learn(self, refusals: Mapping[str, str]) -> None:
        """Keep what a request, refused with these messages by parameter, had to be sent without; say so, once."""
        for name, message in refusals.items():
            if name not in self.refused:
                self.refused.add(name)
                logging.getLogger(__name__).warning(
                    "warning: %s does not take `%s`: %s from now on, in the whole run. It said %s",
                    *(self.model, name, self._instead(name, refusals), message),
                )

    def _instead(self, name: str, refusals: Mapping[str, str]) -> str:
        other = OTHER_NAME.get(name)
        return f"sent as `{other}`" if other and other not in self.refused | set(refusals) else "left out"


_SHARED: dict[tuple[str, str, str], Dialect] = {}


def shared_dialect(address: str, host: str, model: str) -> Dialect:
    """The dialect of a model at an address and host: the same object for all that ask."""
    return _SHARED.setdefault((address, host, model), Dialect(f"{model} at {address}"))
