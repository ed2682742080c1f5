"""Making calls in this process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from tradespace.components.base import Component, Operator
from tradespace.components.direct import call_operator
from tradespace.errors import ComponentError
from tradespace.explorer.running.component_errors import component_errors
from tradespace.explorer.running.executors.base import BatchesMade, CallBatch, Executor, MadeBatch
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.types import Failure, Given, Outcome, Timed


@contextmanager
def in_process(opened_components: OpenedComponents) -> Iterator[Executor]:
    """Calls are made in this process, by the components that are opened in it."""
    yield InProcess(opened_components)


@dataclass(frozen=True)
class InProcess:
    """Calls components that are opened here, each once for a corpus: one batch after the other."""

    opened_components: OpenedComponents
    elsewhere: None = None

    def make(self, batches: Iterable[CallBatch]) -> BatchesMade:
        """Make a batch whenever one is asked for."""
        for batch in batches:
            yield MadeBatch(batch, self.outcomes(batch))

    def outcomes(self, batch: CallBatch) -> Sequence[Outcome | Timed | Failure]:
        """What comes of the calls of a batch; of all of them the same where its component cannot be opened."""
        try:
            operator = self.opened_components.operator(batch.component, batch.corpus)
        except ComponentError as error:
            return [Failure(str(error))] * len(batch.requests)
        return operated(batch.component, operator, batch.requests)


def operated(
    component: Component, operator: Operator, requests: Sequence[Given]
) -> Sequence[Outcome | Timed | Failure]:
    """Call an operator on a batch; when it raises, call it one by one to find out which request it was."""
    try:
        with component_errors(component):
            return call_operator(component, operator, requests)
    except ComponentError as error:
        if len(requests) == 1:
            return [Failure(str(error))]
        return [outcome for request in requests for outcome in operated(component, operator, [request])]
