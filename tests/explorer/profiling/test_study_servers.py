"""The servers that a study's pipelines ask are measured, each once."""

from __future__ import annotations

from pathlib import Path

from tradespace.components.base import Pipeline
from tradespace.components.llms.openai import OpenAI
from tradespace.components.readers.llm import LLMReader
from tradespace.components.retrievers import BM25
from tradespace.components.strategies.direct import Direct
from tradespace.explorer.profiling.study_servers import StudyServers
from tradespace.explorer.results import Evaluation, QuestionSet
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.runner import run
from tradespace.explorer.storage.databases import open_ledger
from tradespace.testing.completion_server import completion_server
from tradespace.testing.paragraphs import documents, questions

ASKED = questions()[:3]


def evaluation(pipeline: Pipeline) -> Evaluation:
    """As far as it tells which servers are asked."""
    stages = {stage: repr(component) for stage, component in pipeline.stages.items()}
    asked = {"generate": (((0.1,),),) * len(ASKED)} if "generate" in stages else {}
    return Evaluation(str(pipeline), "", QuestionSet.EXPLORE, stages, {}, server_calls=asked)


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
