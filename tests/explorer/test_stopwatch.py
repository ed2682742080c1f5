"""Timing is quiet, once per distinct work and question, and never mixes."""

from __future__ import annotations

from tests.explorer.conftest import MADE, QUESTIONS, LastWord, Overlap, Shortest, Twin
from tradespace.components.pipeline import Pipeline
from tradespace.explorer.caller import Caller
from tradespace.explorer.stopwatch import WARM_UP, Work, answer, measure, pipeline_work, stage_work, timed
from tradespace.types import Answer, Passage, Request

PASSAGES = tuple(Passage(f"p{n}", "d", f"passage number {n}") for n in range(5))
NAMES = [f"q{n}" for n in range(len(QUESTIONS))]


def reading(caller: Caller, component: LastWord, given: int) -> Work:
    corpus = caller.workbench.corpus(Overlap() >> component)
    requests = {name: Request(text, PASSAGES[:given]) for name, text in zip(NAMES, QUESTIONS, strict=True)}
    return stage_work(component, corpus, requests, caller.workbench.operators_for(corpus))


def test_each_question_is_timed_once_after_a_warm_up(caller: Caller) -> None:
    """A sample that the ledger has is not taken again."""
    work = reading(caller, LastWord(), given=2)
    measure(caller.ledger, [work], NAMES)
    assert MADE["last_word"] == 2 * (WARM_UP + len(NAMES))
    measure(caller.ledger, [work], NAMES)
    assert MADE["last_word"] == 2 * (WARM_UP + len(NAMES))


def test_seconds_come_in_the_order_of_the_questions_and_the_untimed_are_missing(caller: Caller) -> None:
    """A question without a sample is None, not zero."""
    work = reading(caller, LastWord(), given=2)
    measure(caller.ledger, [work], NAMES[1:])
    first, *others = timed(caller.ledger, work, NAMES)
    assert first is None
    assert all(seconds is not None and seconds > 0 for seconds in others)


def test_stages_that_are_given_as_many_passages_are_the_same_work(caller: Caller) -> None:
    """What retriever the passages came from makes no difference; how many are read does."""
    assert reading(caller, LastWord(), given=2).key == reading(caller, LastWord(), given=3).key
    assert reading(caller, LastWord(), given=1).key != reading(caller, LastWord(), given=2).key
    assert reading(caller, LastWord(passages=3), given=3).key != reading(caller, LastWord(), given=3).key


def test_a_stage_that_makes_no_calls_can_be_timed(caller: Caller) -> None:
    """Work without calls has a key and takes next to no time."""
    corpus = caller.workbench.corpus(Overlap() >> Shortest())
    work = stage_work(Shortest(), corpus, {"q0": Request("?", PASSAGES)}, caller.workbench.operators_for(corpus))
    measure(caller.ledger, [work], ["q0"])
    (seconds,) = timed(caller.ledger, work, ["q0"])
    assert seconds is not None


def test_a_pipeline_is_timed_end_to_end(caller: Caller) -> None:
    """Every stage is run for real for every question."""
    pipeline = Overlap() >> LastWord()
    corpus = caller.workbench.corpus(pipeline)
    texts = dict(zip(NAMES, QUESTIONS, strict=True))
    work = pipeline_work(pipeline, corpus, caller.workbench.operators_for(corpus), texts)
    measure(caller.ledger, [work], NAMES)
    assert MADE["overlap"] == WARM_UP + len(NAMES)
    assert None not in timed(caller.ledger, work, NAMES)


def test_a_pipeline_without_a_reader_returns_its_passages(caller: Caller) -> None:
    """Retrieval alone is a pipeline too."""
    pipeline: Pipeline = Overlap(top_k=2) >> Shortest(keep=1)
    operator_of = caller.workbench.operators_for(caller.workbench.corpus(pipeline))
    found = answer(pipeline, Request(QUESTIONS[0]), operator_of)
    assert not isinstance(found, Answer)
    assert len(found.passages) == 1


def test_works_of_different_pipelines_are_told_apart(caller: Caller) -> None:
    """End-to-end samples belong to one pipeline."""
    pipelines = (Overlap() >> LastWord(), Twin() >> LastWord())
    corpus = caller.workbench.corpus(pipelines[0])
    keys = {pipeline_work(one, corpus, caller.workbench.operators_for(corpus), {}).key for one in pipelines}
    assert len(keys) == 2
