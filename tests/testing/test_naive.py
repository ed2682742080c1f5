"""Shared evaluation gives what the naive evaluator gives, on random spaces of real components and real paragraphs."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.explorer.conftest import DOCUMENTS, QUESTIONS, Fragile, Overlap
from tradespace.components.base import Pipeline
from tradespace.evals.measures import MEASURES
from tradespace.explorer.running import runner
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.runner import stream
from tradespace.explorer.running.scoring import ScoreSheet
from tradespace.explorer.storage.databases import open_ledger
from tradespace.search_space.specification import load_text
from tradespace.testing.naive import ScoreRow, evaluate_alone
from tradespace.testing.paragraphs import documents, questions
from tradespace.types import Question

ASKED = questions()[:4]
SPACE = """
name: random
data: {{dataset: wikipedia}}
pipeline:
  chunk: {chunk}
  retrieve: {{{retrieve}}}
  rerank: {rerank}
  generate: {{sentence: {{passages: {passages}}}}}
objectives: {{mrr: maximize}}
"""

few = st.lists(st.integers(1, 6), min_size=1, max_size=3, unique=True)
chunks = st.sampled_from(["{documents: {}}", "{documents: {}, sentences: {size: 64}}"])
retrievers = st.lists(
    st.sampled_from(["bm25: {{k1: [0.9, 1.5], top_k: {}}}", "dense: {{top_k: {}}}", "hybrid: {{depth: 8, top_k: {}}}"]),
    min_size=1,
    max_size=3,
    unique=True,
)
rerankers = st.sampled_from(["{none: {}}", "{none: {}, maxsim: {keep: [1, 3]}}", "{mmr: {keep: [1, 2]}, none: {}}"])


@st.composite
def spaces(draw: st.DrawFn) -> str:
    """The text of a search space."""
    retrieve = ", ".join(one.format(draw(few)) for one in draw(retrievers))
    return SPACE.format(chunk=draw(chunks), retrieve=retrieve, rerank=draw(rerankers), passages=draw(few))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where indexes stay from example to example."""
    return tmp_path_factory.mktemp("naive")


def together(recorded_calls: RecordedCalls, pipelines: Sequence[Pipeline], asked: Sequence[Question]) -> ScoreSheet:
    sheet = ScoreSheet(MEASURES, asked)
    for block in stream(recorded_calls, pipelines, [question.text for question in asked]):
        sheet.add(block)
    return sheet


@settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(text=spaces(), number=st.integers(0, 1000), block=st.sampled_from([2, 256]))
def test_sharing_and_streaming_change_no_score(
    text: str, number: int, block: int, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever the space, whatever the blocks, and once more when the ledger knows every answer."""
    members = list(load_text(text).space.members())
    pipelines = random.Random(number).sample(members, min(5, len(members)))
    opened_components = OpenedComponents(documents(), folder / "artefacts")
    recorded_calls = RecordedCalls(opened_components, open_ledger(tmp_path_factory.mktemp("ledger") / "ledger.sqlite"))
    alone = {pipeline: evaluate_alone(opened_components, pipeline, ASKED, MEASURES) for pipeline in pipelines}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "QUESTIONS_AT_ONCE", (1, block))
        for _ in range(2):
            sheet = together(recorded_calls, pipelines, ASKED)
            for pipeline in pipelines:
                assert_same(sheet, pipeline, alone[pipeline])


def assert_same(sheet: ScoreSheet, pipeline: Pipeline, rows: Sequence[ScoreRow]) -> None:
    """Measures without any value are left out of the sheet."""
    columns = {name: tuple(row[name] for row in rows) for name in rows[0]}
    said = {name: column for name, column in columns.items() if any(one is not None for one in column)}
    assert sheet.scores(pipeline) == said, str(pipeline)


def test_failures_are_the_same_too(tmp_path: Path) -> None:
    """A question that fails scores the worst there is in both, and the others are not affected."""
    asked = [Question(text, text, answers=("mat",), gold=("cat",)) for text in QUESTIONS]
    opened_components = OpenedComponents(DOCUMENTS, tmp_path / "artefacts")
    pipeline = Overlap() >> Fragile()
    sheet = together(RecordedCalls(opened_components, open_ledger(tmp_path / "ledger.sqlite")), [pipeline], asked)
    rows = evaluate_alone(opened_components, pipeline, asked, MEASURES)
    assert_same(sheet, pipeline, rows)
    worst = [all(row[each.name] in (None, each.worst) for each in MEASURES) for row in rows]
    assert [place for place, is_worst in enumerate(worst) if is_worst] == list(sheet.failures[pipeline])
