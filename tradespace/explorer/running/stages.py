"""One pipeline on one question, stage after stage with nothing shared: the way a served pipeline works."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tradespace.components.base import Component, Pipeline
from tradespace.components.direct import OperatorOf, run_directly
from tradespace.explorer.running.component_errors import component_errors
from tradespace.types import Outcome, Request


class StageRun(NamedTuple):
    """What a stage returned, and what the stage behind it is given."""

    stage: str
    component: Component
    outcome: Outcome
    handed_on: Request


def run_stages(pipeline: Pipeline, request: Request, operator_of: OperatorOf) -> Iterator[StageRun]:
    """Run the online stages in their order, each when it is asked for.

    Raises:
        ComponentError: a component could not be opened, or raised; the message names it.
        ModelUnavailableError: a model's server is down.
    """
    for stage, component in pipeline.online.items():
        with component_errors(component):
            outcome = run_directly(component.process(request), operator_of)
        request = request.after(outcome)
        yield StageRun(stage, component, outcome, request)
