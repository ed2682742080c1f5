"""Profiles of the servers of one's own that a study's finalists ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tradespace.components.base import Call, Component, Pipeline
from tradespace.components.notation import parse
from tradespace.components.remote.caller import RemoteCaller
from tradespace.explorer.load.station_profiles import ProfiledServer
from tradespace.explorer.profiling.server_profiler import ServerProfiler, ServerRecords, calls_of_servers
from tradespace.explorer.results import Evaluation
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.replayed_calls import is_own_server
from tradespace.explorer.storage.base import Ledger
from tradespace.types import Question


@dataclass(frozen=True)
class StudyServers:
    """Measures how servers are shared, by the calls that the study made of them, and reads it back.

    Attributes:
        questions: those that the evaluations asked, in order.
        evaluations: of the pipelines that ask them.
    """

    ledger: Ledger
    host: str
    opened_components: OpenedComponents
    questions: Sequence[Question]
    evaluations: Sequence[Evaluation]

    def measure(self, seconds: float) -> None:
        """Measure each server with 1, 2, 4 … calls at once, up to as many as are ever under way there (`concurrency`).

        Raises:
            ComponentError: a call failed, such as for want of the server.
        """
        asked = {
            model: (pipeline, calls)
            for pipeline in map(parse, dict.fromkeys(each.pipeline for each in self._asking))
            for model, calls in self._calls(pipeline).items()
        }
        for model, (pipeline, calls) in asked.items():
            if isinstance(model, RemoteCaller):
                records = ServerRecords(self.ledger, self.host, model)
                profiler = ServerProfiler(records, self.opened_components, calls, pipeline, seconds / len(asked))
                profiler.measure(model.concurrency)

    def profiles(self) -> tuple[ProfiledServer, ...]:
        """Of each stage whose server was measured."""
        return tuple(dict.fromkeys(self._profiles()))

    def _profiles(self) -> Iterator[ProfiledServer]:
        for evaluation in self._asking:
            stages = parse(evaluation.pipeline).stages
            for stage in evaluation.server_calls:
                model = next(part for part in stages[stage].parts() if is_own_server(part))
                if profile := ServerRecords(self.ledger, self.host, model).profile():
                    yield ProfiledServer(evaluation.stages[stage], profile)

    def _calls(self, pipeline: Pipeline) -> Mapping[Component, Mapping[str, Call]]:
        return calls_of_servers(self.opened_components, self.ledger, pipeline, self.questions)

    @property
    def _asking(self) -> list[Evaluation]:
        return [evaluation for evaluation in self.evaluations if evaluation.server_calls]
