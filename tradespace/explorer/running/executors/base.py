"""The protocol of executors."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from tradespace.components.base import Component
from tradespace.components.corpus import Corpus
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.types import Failure, Given, Outcome, Timed


@dataclass(frozen=True, eq=False)
class CallBatch:
    """Calls of one component that are made together: as many as it likes to be handed at once.

    Attributes:
        number: its place among the batches that are handed over together, from 0.
    """

    number: int
    component: Component
    requests: Sequence[Given]
    corpus: Corpus


class MadeBatch(NamedTuple):
    """A batch, and what came of its calls, in their order."""

    batch: CallBatch
    outcomes: Sequence[Outcome | Timed | Failure]


BatchesMade = Generator[MadeBatch, None, None]
"""Batches as they are made. Closed, it ends the calls that are under way."""


Elsewhere = Callable[[Callable[[], Any]], Any]
"""Runs something on another machine, alone, and returns what comes of it. Components and corpora that it refers to are
those that are opened there."""


class Executor(Protocol):
    """Makes calls. It knows no ledger and no budget: it is handed calls that are to be made, and paid for."""

    def make(self, batches: Iterable[CallBatch]) -> BatchesMade:
        """Make batches, and give each back once it is made, in any order; the calls of one batch stay together.

        A batch is taken from `batches` when there is room for it, so that few are under way at a time, and whoever
        hands them over may count them as they are taken. When the last is given back, or the iterator is closed, no
        call is under way any more.

        Whatever a component raises, also when it is opened, is a `Failure` in the place of the calls concerned. What an
        operator answered with a `Failure` is not asked again: it was paid for.
        """

    @property
    def elsewhere(self) -> Elsewhere | None:
        """What runs work on the machine whose latencies count, if that is not the one of this process. No call is made
        there.
        """


ExecutorOf = Callable[[OpenedComponents], AbstractContextManager[Executor]]
"""Where calls are made: an executor that falls back on what is opened in this process, and ends with the block."""
