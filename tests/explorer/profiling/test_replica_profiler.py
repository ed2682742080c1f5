"""Stages are measured in replicas, as the study asks them, and the ledger keeps what they took."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradespace.components.llms.openai import OpenAI
from tradespace.components.readers.llm import LLMReader
from tradespace.components.rerankers import WordOverlap
from tradespace.components.retrievers import BM25
from tradespace.components.strategies.direct import Direct
from tradespace.explorer.load.station_profiles import MeasuredQuestions
from tradespace.explorer.profiling.closed_loop import keep_busy
from tradespace.explorer.profiling.handed_on import requests_of
from tradespace.explorer.profiling.records import ReplicaRecords
from tradespace.explorer.profiling.replica_profiler import ReplicaProfiler
from tradespace.explorer.results import QuestionSet
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.replicas import Replica, ReplicaSetup
from tradespace.explorer.running.runner import run
from tradespace.explorer.storage.databases import open_ledger
from tradespace.testing.completion_server import completion_server
from tradespace.testing.executor_contract import Selective
from tradespace.testing.paragraphs import documents, questions
from tradespace.testing.process_components import Sleeper
from tradespace.types import Question, Request

ASKED = questions()[:6]
RANKING = BM25(top_k=4) >> WordOverlap(keep=2)
BAD = Question("bad", "raise")
PIPELINE = RANKING >> Selective()


@pytest.fixture
def opened(tmp_path: Path) -> OpenedComponents:
    return OpenedComponents(documents(), tmp_path / "artefacts")


@pytest.fixture
def records(tmp_path: Path) -> ReplicaRecords:
    return ReplicaRecords(open_ledger(tmp_path / "ledger.sqlite"), "here", "paragraphs", PIPELINE, ("generate",))


def profiler(opened: OpenedComponents, records: ReplicaRecords, **alone: float) -> ReplicaProfiler:
    requests = {question.id: Request(question.text) for question in (*ASKED, BAD)}
    return ReplicaProfiler(records, opened, requests, alone, seconds=0.5)


def test_stages_are_given_what_the_study_gave_them(opened: OpenedComponents, records: ReplicaRecords) -> None:
    """As the ledger has it; questions that it knows nothing of are left out."""
    calls = RecordedCalls(opened, records.ledger)
    traces = run(calls, [RANKING], [question.text for question in ASKED])[RANKING]
    unknown = Question("unknown", "Who has never been asked?")
    given = requests_of(opened, records.ledger, PIPELINE, ("generate",), [*ASKED, unknown])
    assert given == {question.id: trace.request for question, trace in zip(ASKED, traces, strict=True)}
    whole = requests_of(opened, records.ledger, PIPELINE, ("retrieve", "generate"), [unknown])
    assert whole == {"unknown": Request(unknown.text)}


def test_a_profile_rests_on_what_was_measured(opened: OpenedComponents, records: ReplicaRecords) -> None:
    """Sizes with numbers of busy replicas, and every question alone; nothing is measured twice."""
    assert records.profile() is records.profiled(ASKED, QuestionSet.EXPLORE) is None
    alone = {question.id: 0.001 for question in ASKED}
    profiler(opened, records, **alone).measure(batch=4, busy=2)
    profile, counted = records.profile(), records.measured()
    assert profile
    assert profile.sizes[-1] == 4
    assert profile.busy == (1, 2)
    assert profile.seconds([0.001]) > 0
    assert records.seconds().keys() == alone.keys()
    profiled = records.profiled([ASKED[1], BAD, ASKED[0]], QuestionSet.EXPLORE)
    assert profiled
    assert (profiled.components, profiled.profile) == (("selective()",), profile)
    first, second = (records.seconds()[question.id] for question in ASKED[:2])
    assert profiled.measured == (MeasuredQuestions(str(PIPELINE), QuestionSet.EXPLORE, (second, None, first)),)
    profiler(opened, records, **alone).measure(batch=4, busy=2)
    assert records.measured() == counted


def test_pipelines_share_stages_but_not_what_these_are_given(opened: OpenedComponents, records: ReplicaRecords) -> None:
    """Another retriever, the same reader: one profile, but other questions. More threads are another replica."""
    profiler(opened, records, **{ASKED[0].id: 0.001}).measure(batch=1, busy=1)
    other = ReplicaRecords(records.ledger, "here", "paragraphs", BM25(top_k=1) >> Selective(), ("generate",))
    assert other.profile() == records.profile()
    assert records.seconds()
    assert other.seconds() == {}
    wider = ReplicaRecords(records.ledger, "here", "paragraphs", PIPELINE, ("generate",), threads=2)
    assert wider.profile() is None


def test_a_batch_with_a_question_that_fails_does_not_count(opened: OpenedComponents, records: ReplicaRecords) -> None:
    """A failure may be quick, or slow: it says nothing of the others."""
    profiler(opened, records, bad=0.001).measure(batch=2, busy=1)
    assert records.measured() == {}
    profiler(opened, records).measure(batch=2, busy=1)  # nothing has seconds: nothing can be measured
    assert records.profile() is None


def test_what_a_study_knows_is_measured(opened: OpenedComponents, records: ReplicaRecords) -> None:
    """The questions that have seconds, and of which the ledger has what the stages are given."""
    run(RecordedCalls(opened, records.ledger), [RANKING], [question.text for question in ASKED])
    seconds = {"retrieve": (0.1,) * 6, "rerank": (0.2,) * 6, "generate": (0.1, None, 0.2, 0.3, 0.4, 0.5)}
    whole = ReplicaRecords(records.ledger, "here", "paragraphs", PIPELINE, ("rerank", "generate"))
    of_study = ReplicaProfiler.of_study(whole, opened, [*ASKED[:5], BAD], seconds)
    assert of_study.requests.keys() == {question.id for question in ASKED[:5]}
    known = zip([*ASKED[:5], BAD], (0.3, None, 0.4, 0.5, 0.6, 0.7), strict=True)
    assert of_study.alone == pytest.approx({question.id: alone for question, alone in known if alone})


def test_a_model_that_a_server_answers_for_is_not_asked(opened: OpenedComponents, records: ReplicaRecords) -> None:
    """It would cost, and is no work of a replica."""
    with completion_server() as server:
        model = OpenAI(model="not-asked", base_url=server.url, format="tiny_reasoner", own=True)
        pipeline = BM25() >> LLMReader(model=model, strategy=Direct())
        asking = ReplicaRecords(records.ledger, "here", "paragraphs", pipeline, ("generate",))
        profiler(opened, asking, **{ASKED[0].id: 0.001}).measure(batch=1, busy=1)
        assert server.bodies == []
    assert asking.profile() is None


def test_replicas_are_kept_busy_until_all_is_answered(opened: OpenedComponents) -> None:
    """The quicker one answers more, and both are idle afterwards."""
    setup = ReplicaSetup(documents(), opened.folder, (BM25() >> Sleeper(),), ("generate",))
    with Replica(setup) as first, Replica(setup) as second:
        batches = iter([("long", [Request("1.5")]), *((number, [Request("0.01")]) for number in range(20))])
        answered = keep_busy([first, second], batches, 8)
        assert [label for label, _ in answered] == list(range(8))
        assert first.answer([Request("0")]).results != second.answer([Request("0")]).results
