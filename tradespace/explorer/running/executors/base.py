"""The protocol of executors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from tradespace.components.base import Component
from tradespace.components.corpus import Corpus
from tradespace.types import Failure, Given, Outcome, Timed


class Executor(Protocol):
    """Makes calls. It knows no ledger and no budget: it is handed calls that are to be made, and paid for."""

    def make(
        self, component: Component, requests: Sequence[Given], corpus: Corpus
    ) -> Sequence[Outcome | Timed | Failure]:
        """Make a batch of calls of one component; as many come back as there are requests, in their order.

        Whatever a component raises, also when it is opened, is a `Failure` in the place of the calls concerned. What an
        operator answered with a `Failure` is not asked again: it was paid for.
        """
