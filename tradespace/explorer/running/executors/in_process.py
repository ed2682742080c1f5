"""Making calls in this process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tradespace.components.base import Component
from tradespace.components.corpus import Corpus
from tradespace.components.direct import call_operator
from tradespace.errors import ComponentError
from tradespace.explorer.running.component_errors import component_errors
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.types import Failure, Given, Outcome, Timed


@dataclass(frozen=True)
class InProcess:
    """Calls components that are opened here, each once for a corpus."""

    opened_components: OpenedComponents

    def make(self, component: Component, requests: Sequence[Given], corpus: Corpus) -> list[Outcome | Timed | Failure]:
        """Call an operator on a batch; when it raises, call it one by one to find out which request it was."""
        try:
            operator = self.opened_components.operator(component, corpus)
        except ComponentError as error:
            return [Failure(str(error))] * len(requests)
        try:
            with component_errors(component):
                return call_operator(component, operator, requests)
        except ComponentError as error:
            if len(requests) == 1:
                return [Failure(str(error))]
            return [outcome for request in requests for outcome in self.make(component, [request], corpus)]
