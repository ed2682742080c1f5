"""The servers that a study's pipelines ask are measured, each once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tradespace.components.base import Pipeline
from tradespace.components.llms.openai import OpenAI
from tradespace.components.readers.llm import LLMReader
from tradespace.components.retrievers import BM25
from tradespace.components.strategies.direct import Direct
from tradespace.explorer.profiling.study_profiling import StudyProfiling
from tradespace.explorer.profiling.study_servers import StudyServers
from tradespace.explorer.progress import Status
from tradespace.explorer.results import Evaluation, QuestionSet
from tradespace.explorer.running.budget import Budget
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.runner import run
from tradespace.explorer.storage.databases import open_ledger
from tradespace.search_space.deployment import Host, Load, StageGroup
from tradespace.search_space.deployment.space import DeploymentSpace
from tradespace.search_space.goals import Goals
from tradespace.testing.completion_server import ServerFault, completion_server
from tradespace.testing.paragraphs import documents, questions

ASKED = questions()[:3]


def evaluation(pipeline: Pipeline) -> Evaluation:
    """As far as it tells which servers are asked."""
    stages = {stage: repr(component) for stage, component in pipeline.stages.items()}
    asked = {"generate": (((0.1,),),) * len(ASKED)} if "generate" in stages else {}
    seconds = {stage: (0.1,) * len(ASKED) for stage in stages}
    return Evaluation(str(pipeline), "", QuestionSet.EXPLORE, stages, {}, seconds=seconds, server_calls=asked)


class Told:
    """Progress that keeps its warnings."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def phase(self, title: str) -> None: ...

    def working(self, doing: str) -> None: ...

    def searching(self, status: Status) -> None: ...

    def warn(self, messages: Sequence[str]) -> None:
        self.warnings += messages


@pytest.mark.parametrize("answers", [True, False], ids=["that answers", "that is gone"])
def test_a_study_with_deployments_has_its_servers_measured(tmp_path: Path, answers: bool) -> None:
    """Beside its replicas; a server that is gone by then is told, and the exploration goes on."""
    told = Told()
    with completion_server() as server:
        model = OpenAI(model=f"two {answers}", base_url=server.url, format="tiny_reasoner", concurrency=2, attempts=1)
        pipeline = BM25(top_k=2) >> LLMReader(model=model, strategy=Direct(), passages=1)
        opened, ledger = OpenedComponents(documents(), tmp_path / "artefacts"), open_ledger(tmp_path / "ledger.sqlite")
        run(RecordedCalls(opened, ledger), [pipeline], [question.text for question in ASKED])
        host = Host("cpu", cores=1)
        space = DeploymentSpace((Load(1.0),), ((StageGroup(("generate",), host="cpu"),),), (host,), Goals((), None))
        profiling = StudyProfiling(ledger, "here", "paragraphs", opened, ASKED, Budget(), told)
        server.faults.extend([] if answers else [ServerFault(0)] * 100)
        measured = profiling.run([evaluation(pipeline)], space).servers
    assert [each.profile.running for each in measured] == ([(1, 2)] if answers else [])
    assert [each.component for each in measured] == ([repr(pipeline.stages["generate"])] if answers else [])
    assert answers != any("could not be measured with several calls at once" in each for each in told.warnings)


def test_a_server_is_measured_once_for_all_pipelines_that_ask_it(tmp_path: Path) -> None:
    """As many calls at once as are ever under way there; each stage that asks it has the profile."""
    with completion_server() as server:
        model = OpenAI(model="one", base_url=server.url, format="tiny_reasoner", concurrency=2)
        asking = [LLMReader(model=model, strategy=Direct(), passages=passages) for passages in (1, 2)]
        explored = [*(BM25(top_k=2) >> reader for reader in asking), Pipeline((BM25(top_k=1),))]
        opened, ledger = OpenedComponents(documents(), tmp_path / "artefacts"), open_ledger(tmp_path / "ledger.sqlite")
        run(RecordedCalls(opened, ledger), explored, [question.text for question in ASKED])
        server.most_at_once = 0
        servers = StudyServers(ledger, "here", opened, ASKED, list(map(evaluation, explored)))
        assert servers.profiles() == ()
        servers.measure(5.0)
        first, second = servers.profiles()
        assert server.most_at_once == 2
        asked = len(server.bodies)
        servers.measure(5.0)
        assert len(server.bodies) == asked
    assert [first.component, second.component] == [repr(pipeline.stages["generate"]) for pipeline in explored[:2]]
    assert first.profile == second.profile
    assert first.profile.running == (1, 2)
