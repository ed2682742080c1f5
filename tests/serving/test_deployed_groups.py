"""Groups that are not plain replicas: stages that servers answer, and those that somebody stands in for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from tradespace.components.base import Pipeline
from tradespace.components.notation import parse
from tradespace.explorer.running.replicas import ReplicaSetup
from tradespace.search_space.deployment import Deployment, Host, StageGroup, TailPolicy
from tradespace.serving.dispatcher import Dispatcher, ServedAnswer, ServingConfiguration
from tradespace.serving.metrics import ServerMetrics
from tradespace.serving.server_settings import ServerSettings
from tradespace.testing.completion_server import completion_server
from tradespace.testing.gated_components import First, Gated
from tradespace.types import Document

DOCUMENTS = (Document("cat", "The cat sat on the mat."),)
HOSTS = (Host("here"),)


async def answers(folder: Path, pipeline: Pipeline, group: StageGroup, questions: Sequence[str]) -> list[ServedAnswer]:
    """What a dispatcher answers to questions that are asked at once; `group` is where answers are made."""
    deployment = Deployment((StageGroup(("retrieve",), host="here"), group), HOSTS)
    setup = ReplicaSetup(DOCUMENTS, folder, (pipeline,), stages=())
    settings = ServerSettings(seconds=120)
    dispatcher = Dispatcher(setup, ServingConfiguration(pipeline, deployment), settings, ServerMetrics())
    try:
        await dispatcher.open()
        return await asyncio.gather(*map(dispatcher.answer, questions))
    finally:
        await dispatcher.close()


def test_a_stage_that_a_server_answers_is_in_no_process(tmp_path: Path) -> None:
    """Threads ask the server, several at once, and tell the tokens that it counted."""
    with completion_server() as server:
        model = f"openai(model='tiny', base_url='{server.root}/v1', format='tiny_reasoner', concurrency=2)"
        pipeline = First() >> parse(f"llm(model={model}, passages=1)").components[0]
        questions = [f"Where did cat {number} sit?" for number in range(4)]
        group = StageGroup(("generate",), host="here")
        answered = asyncio.run(answers(tmp_path, pipeline, group, questions))
    assert len(answered) == 4
    assert all(each.answer and each.tokens.read > 0 and each.tokens.written > 0 for each in answered)
    assert [span.stage for span in answered[0].spans] == ["retrieve", "generate"]


def test_a_fallback_answers_in_the_place_of_the_last_stage(tmp_path: Path) -> None:
    """What failed; everything else is answered by the stage itself."""
    group = StageGroup(("generate",), host="here", tail=TailPolicy(retries=1, fallback="sentence(passages=1)"))
    fell, stood = asyncio.run(answers(tmp_path, First() >> Gated(), group, ["fail: who sat on the mat?", "well"]))
    assert fell.answer is not None
    assert stood.answer is not None
    assert fell.answer.text == "The cat sat on the mat."
    assert stood.answer.text == "well"
    assert fell.spans[-1].component == "sentence(passages=1)"
