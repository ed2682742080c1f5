"""What language models, and embedders behind a server, have in common: their calls are recorded, and have a price."""

from __future__ import annotations

from abc import ABC
from typing import ClassVar

from tradespace.components.base import Component


class PricedModel(Component, ABC):
    """A component whose calls count tokens, which a price list may have a price for.

    Class attributes:
        remote: whether somebody else's machine answers, so that the price of one's own host does not cover it.
    """

    remote: ClassVar[bool] = False

    @property
    def listed_as(self) -> str:
        """What a price list calls it."""
        return self.name

    @property
    def reads_once(self) -> bool:
        """Whether a prompt is read, and paid for, once for all samples that are drawn from it together."""
        return True

    @property
    def timed_apart(self) -> bool:
        """Whether its calls may be made again for the sake of timing: nobody is paid for them."""
        return not self.remote
