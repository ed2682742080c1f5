"""Work is one stage setting, or one pipeline, on one question; a run of it is timed on its own."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.explorer.conftest import MADE, QUESTIONS, LastWord, Overlap, Shortest, Twin
from tradespace.components.base import Pipeline
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.timing.stopwatch import (
    PromptCache,
    WorkItem,
    answer,
    first_calls,
    pipeline_work,
    run_once,
    shape,
    stage_work,
)
from tradespace.types import Answer, Passage, Request, Timed

PASSAGES = tuple(Passage(f"p{n}", "d", f"passage number {n}") for n in range(5))


def reading(
    recorded_calls: RecordedCalls, component: LastWord, passages: tuple[Passage, ...], question: str = "q0"
) -> WorkItem:
    corpus = recorded_calls.opened_components.corpus(Overlap() >> component)
    operator_of = recorded_calls.opened_components.operators_for(corpus)
    return stage_work(component, corpus, question, Request(QUESTIONS[0], passages), operator_of)


def test_stages_that_read_as_much_are_the_same_work(recorded_calls: RecordedCalls) -> None:
    """What retriever the passages came from makes no difference; how many are read does."""
    others = tuple(Passage(f"o{n}", "d", f"another one no {n}") for n in range(5))
    two = reading(recorded_calls, LastWord(), PASSAGES[:2])
    assert two == reading(recorded_calls, LastWord(), PASSAGES[:3]) == reading(recorded_calls, LastWord(), others[:2])
    assert two != reading(recorded_calls, LastWord(), PASSAGES[:1])
    assert two != reading(recorded_calls, LastWord(passages=3), PASSAGES[:3])
    assert two != reading(recorded_calls, LastWord(), PASSAGES[:2], "q1")


@given(st.integers(10, 10_000), st.floats(1.0, 10))
def test_longer_passages_are_other_work(length: int, times: float) -> None:
    """Texts half as long again always differ, texts of the same length never."""
    shapes = [
        shape(LastWord(passages=1), Request("?", (Passage("p", "d", "x" * round(length * factor)),)))
        for factor in (1.0, times)
    ]
    if times > 1.5:
        assert shapes[0] != shapes[1]
    if round(length * times) == length:
        assert shapes[0] == shapes[1]


def test_a_stage_that_makes_no_calls_can_be_timed(recorded_calls: RecordedCalls) -> None:
    """Work without calls has a shape and takes next to no time."""
    corpus = recorded_calls.opened_components.corpus(Overlap() >> Shortest())
    operator_of = recorded_calls.opened_components.operators_for(corpus)
    run = run_once(stage_work(Shortest(), corpus, "q0", Request("?", PASSAGES), operator_of))
    assert first_calls(Shortest(), Request("?", PASSAGES)) == []
    assert run is not None and run.seconds > 0


def test_a_pipeline_is_timed_end_to_end(recorded_calls: RecordedCalls) -> None:
    """Every stage is run for real."""
    pipeline = Overlap() >> LastWord()
    corpus = recorded_calls.opened_components.corpus(pipeline)
    work = pipeline_work(pipeline, corpus, "q0", QUESTIONS[0], recorded_calls.opened_components.operators_for(corpus))
    assert run_once(work) is not None
    assert (MADE["overlap"], MADE["last_word"]) == (1, 2)


def test_a_pipeline_without_a_reader_returns_its_passages(recorded_calls: RecordedCalls) -> None:
    """Retrieval alone is a pipeline too."""
    pipeline: Pipeline = Overlap(top_k=2) >> Shortest(keep=1)
    operator_of = recorded_calls.opened_components.operators_for(recorded_calls.opened_components.corpus(pipeline))
    found = answer(pipeline, Request(QUESTIONS[0]), operator_of)
    assert not isinstance(found, Answer)
    assert len(found.passages) == 1


def test_works_of_different_pipelines_are_told_apart(recorded_calls: RecordedCalls) -> None:
    """End-to-end samples belong to one pipeline."""
    pipelines = (Overlap() >> LastWord(), Twin() >> LastWord())
    corpus = recorded_calls.opened_components.corpus(pipelines[0])
    works = {
        pipeline_work(one, corpus, "q0", "?", recorded_calls.opened_components.operators_for(corpus))
        for one in pipelines
    }
    assert len(works) == 2


def test_waiting_of_its_own_will_is_not_lost_time() -> None:
    """A run that sleeps takes as long as it takes, and nothing took it off its core."""
    run = run_once(WorkItem("sleep", "q", lambda: time.sleep(0.02)))
    assert run is not None
    assert run.seconds >= 0.02


def test_work_that_raises_has_no_time() -> None:
    """A failure is no fast answer."""

    def fail() -> None:
        raise ValueError("no")

    assert run_once(WorkItem("fails", "q", fail)) is None


def test_a_bug_in_the_timing_itself_is_not_swallowed() -> None:
    """Only what components raise is a failure; a stop by the user stops the run."""

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_once(WorkItem("stops", "q", stop))


def test_the_wait_for_a_servers_limits_is_no_part_of_a_run() -> None:
    """Nobody but an exploration asks so often; nor is a process that waits for a server kept off its core."""
    run = run_once(WorkItem("k", "q", lambda: [Timed(Answer("a", 1.0), 0.1, waited=3600.0, cached=0)], served=True))
    assert run is not None
    assert (run.seconds, run.lost) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("cached", "cache"),
    [
        ([0, 0], PromptCache.UNUSED),
        ([0, 40], PromptCache.USED),
        ([None, 0], PromptCache.UNKNOWN),
        ([None, 7], PromptCache.USED),
    ],
)
def test_a_cache_of_prompts_is_ruled_out_only_where_the_server_does(
    cached: list[int | None], cache: PromptCache
) -> None:
    """One that does not say may have used what it kept."""
    replies = [Timed(Answer("a", 1.0), 0.1, cached=tokens) for tokens in cached]
    run = run_once(WorkItem("k", "q", lambda: replies, served=True))
    assert run is not None
    assert run.cache is cache


def test_work_on_this_machine_has_no_cache_of_prompts() -> None:
    """None is neither unused nor unknown."""
    run = run_once(WorkItem("k", "q", lambda: None))
    assert run is not None
    assert run.cache is None
