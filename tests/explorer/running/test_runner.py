"""Running many pipelines together gives what running each alone would, for fewer calls."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.explorer.conftest import (
    DOCUMENTS,
    MADE,
    QUESTIONS,
    Both,
    Fragile,
    LastWord,
    Overlap,
    Shortest,
    Twin,
    Unopenable,
)
from tradespace.components.base import Operator, Pipeline, Process
from tradespace.components.corpus import Corpus
from tradespace.components.threads import on_all_cores
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.runner import run
from tradespace.explorer.storage.databases import open_ledger
from tradespace.explorer.timing.stopwatch import answer
from tradespace.types import Failure, Outcome, Request


class Encoding(LastWord):
    """Likes batches of three, and encodes each distinct question of a batch."""

    name: ClassVar[str] = "encoding"

    @property
    def batch_size(self) -> int:
        return 3

    def open(self, corpus: Corpus) -> Operator:
        read = super().open(corpus)

        def operate(requests: Sequence[Request]) -> Sequence[Outcome]:
            MADE["question encoded"] += len({request.question for request in requests})
            return read(requests)

        return operate


class Leaving(LastWord):
    """Ends the program for questions about mice, in a thread or not, as it is told."""

    name: ClassVar[str] = "leaving"
    threads: bool = False

    def open(self, corpus: Corpus) -> Operator:
        read = super().open(corpus)

        def leave_at_mice(request: Request) -> None:
            if "mouse" in request.question:
                sys.exit(3)

        def operate(requests: Sequence[Request]) -> Sequence[Outcome]:
            if self.threads:
                on_all_cores(leave_at_mice, [*requests, *requests], threads=2)
            for request in requests:
                leave_at_mice(request)
            return read(requests)

        return operate


class Uncalled(Shortest):
    """Fails before it makes any call."""

    name: ClassVar[str] = "uncalled"

    def process(self, request: Request) -> Process:
        raise ValueError("no")
        yield ()


retrievers = st.one_of(
    st.builds(Overlap, top_k=st.integers(1, 5)), st.builds(Twin, top_k=st.integers(1, 5)), st.just(Both())
)
rerankers = st.builds(Shortest, keep=st.integers(1, 4))
readers = st.builds(LastWord, passages=st.integers(1, 5))
pipelines = st.one_of(
    st.builds(lambda a, b, c: a >> b >> c, retrievers, rerankers, readers),
    st.builds(lambda a, b: a >> b, retrievers, readers),
    st.builds(lambda a, b, c, d: a >> b >> c >> d, retrievers, rerankers, rerankers, readers),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=st.lists(pipelines, min_size=1, max_size=8, unique=True))
def test_shared_evaluation_equals_one_pipeline_on_one_question_at_a_time(
    chosen: list[Pipeline], tmp_path_factory
) -> None:
    """Sharing calls changes no answer."""
    folder = tmp_path_factory.mktemp("shared")
    recorded_calls = RecordedCalls(OpenedComponents(DOCUMENTS, folder / "artefacts"), open_ledger("memory://"))
    together = run(recorded_calls, chosen, QUESTIONS)
    for pipeline in chosen:
        operator_of = recorded_calls.opened_components.operators_for(recorded_calls.opened_components.corpus(pipeline))
        alone = [answer(pipeline, Request(question), operator_of) for question in QUESTIONS]
        assert [trace.answer for trace in together[pipeline]] == alone


def test_retrievers_that_find_the_same_share_every_call_that_follows(recorded_calls: RecordedCalls) -> None:
    """The content of a request decides, not the pipeline it comes from."""
    run(recorded_calls, [Overlap() >> LastWord(), Twin() >> LastWord()], QUESTIONS)
    assert MADE["overlap"] == MADE["twin"] == len(QUESTIONS)
    assert MADE["last_word"] == 2 * len(QUESTIONS)


def test_a_reader_of_more_passages_pays_only_for_the_passages_it_reads_in_addition(
    recorded_calls: RecordedCalls,
) -> None:
    """Pointwise components are shared passage by passage."""
    run(recorded_calls, [Overlap() >> LastWord(passages=n) for n in (1, 2, 3)], QUESTIONS)
    assert MADE["last_word"] == 3 * len(QUESTIONS)


def test_batches_hold_few_questions_so_that_what_is_done_for_each_is_not_repeated(
    recorded_calls: RecordedCalls,
) -> None:
    """Pipelines that ask a component for three calls on each question fill a batch of three with one question."""
    run(recorded_calls, [Overlap() >> Encoding(passages=n) for n in (1, 2, 3)], QUESTIONS)
    assert MADE["encoding"] == 3 * len(QUESTIONS)
    assert MADE["question encoded"] == len(QUESTIONS)


def test_a_second_run_makes_no_call(recorded_calls: RecordedCalls) -> None:
    """What the ledger holds is not called again."""
    first = run(recorded_calls, [Both() >> LastWord()], QUESTIONS)
    made = dict(MADE)
    assert run(recorded_calls, [Both() >> LastWord()], QUESTIONS) == first
    assert dict(MADE) == made


def test_members_of_a_composite_share_calls_with_the_same_component_on_its_own(recorded_calls: RecordedCalls) -> None:
    """A call is the same call wherever it is made from."""
    run(recorded_calls, [Overlap(top_k=1) >> LastWord(), Both() >> LastWord()], QUESTIONS)
    assert MADE["overlap"] == len(QUESTIONS)


@pytest.mark.parametrize("threads", [False, True])
def test_a_component_that_ends_the_program_fails_on_that_question_alone(
    recorded_calls: RecordedCalls, *, threads: bool
) -> None:
    """Also from a thread; the others are answered."""
    (traces,) = run(recorded_calls, [Overlap() >> Leaving(threads=threads)], QUESTIONS).values()
    assert [trace.failure is not None for trace in traces] == ["mouse" in question for question in QUESTIONS]
    assert str(traces[2].failure).count("raised SystemExit: 3") == 1


def test_a_question_that_fails_is_a_failure_and_the_others_are_answered(recorded_calls: RecordedCalls) -> None:
    """One bad request spoils neither its batch nor its pipeline."""
    (traces,) = run(recorded_calls, [Overlap() >> Fragile()], QUESTIONS).values()
    assert [trace.failure is None for trace in traces] == ["mouse" not in question for question in QUESTIONS]
    assert traces[2].failure == Failure("generate: fragile() raised ValueError: a mouse!")
    assert traces[2].answer is None
    assert all(trace.answer for trace in traces if trace.failure is None)


def test_each_of_two_rerankers_is_given_what_the_stage_before_left(recorded_calls: RecordedCalls) -> None:
    """Also where both are the same component."""
    (traces,) = run(recorded_calls, [Overlap() >> Shortest() >> Shortest(keep=1) >> LastWord()], QUESTIONS).values()
    for trace in traces:
        assert list(trace.inputs) == ["retrieve", "rerank", "rerank_2", "generate"]
        assert [len(request.passages) for request in trace.inputs.values()] == [0, 3, 2, 1]


def test_a_failure_names_the_stage_of_its_kind(recorded_calls: RecordedCalls) -> None:
    """With two rerankers it is said which of them failed."""
    (traces,) = run(recorded_calls, [Overlap() >> Shortest() >> Uncalled() >> LastWord()], QUESTIONS[:1]).values()
    assert traces[0].failure == Failure("rerank_2: uncalled() raised ValueError: no")


def test_a_failure_is_tried_again_by_the_next_run(recorded_calls: RecordedCalls) -> None:
    """Failures are not kept as outcomes."""
    run(recorded_calls, [Overlap() >> Fragile()], QUESTIONS)
    before = recorded_calls.budget.made
    run(recorded_calls, [Overlap() >> Fragile()], QUESTIONS)
    assert recorded_calls.budget.made > before


def test_a_component_that_cannot_be_opened_fails_its_pipelines_only(recorded_calls: RecordedCalls) -> None:
    """The run goes on; the message names the component and the reason."""
    good, bad = Overlap() >> LastWord(), Overlap() >> Unopenable()
    traces = run(recorded_calls, [bad, good], QUESTIONS)
    (failure,) = {trace.failure for trace in traces[bad]}
    assert "generate: unopenable() raised FileNotFoundError: no weights here. It was being opened" in str(failure)
    assert all(trace.failure is None for trace in traces[good])
