"""Opening components and letting them work once, before anybody waits for them."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from tradespace.components.base import Component, Operator
from tradespace.components.corpus import Corpus
from tradespace.components.direct import OperatorOf, run_directly
from tradespace.errors import ComponentError
from tradespace.explorer.running.component_errors import component_errors
from tradespace.explorer.running.replayed_calls import is_remote
from tradespace.types import Request

WARM_UP_WORDS, WARM_UP_PASSAGES = 8, 5
"""Words of the first passage that are asked instead of a question, and passages that a stage is given with them."""


def warm_up(components: Iterable[Component], corpus: Corpus, operator_of: OperatorOf) -> None:
    """Let stages work once as far as they do so on this machine: what servers answer is paid for, or kept.

    What fails at work here says nothing of a question, which is asked all the same.

    Raises:
        ComponentError: a component could not be opened.
    """
    texts = [passage.text for passage in corpus.passages[:WARM_UP_PASSAGES]]
    words = " ".join("".join(texts[:1]).split()[:WARM_UP_WORDS])
    request = Request(words, tuple(corpus.passages[:WARM_UP_PASSAGES]))
    closed: list[ComponentError] = []

    def open_or_stop(component: Component) -> Operator:
        try:
            operator = operator_of(component)
        except ComponentError as error:
            closed.append(error)
            raise
        if is_remote(component):
            raise ComponentError(f"{component!r} is not asked to warm up")
        return operator

    for component in components:
        with suppress(ComponentError), component_errors(component):
            run_directly(component.process(request), open_or_stop)
        if closed:
            raise closed[0]
