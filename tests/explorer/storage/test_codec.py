"""Outcomes survive the way to bytes and back; keys tell calls apart."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.explorer.conftest import LastWord, Overlap
from tradespace.components.base import Call
from tradespace.components.corpus import Corpus
from tradespace.components.llms.tiny_reasoner import TinyReasoner
from tradespace.components.store import ArtefactStore
from tradespace.explorer.storage.codec import call_key, decode, encode
from tradespace.types import (
    Answer,
    Completion,
    Message,
    Passage,
    Prompt,
    Request,
    ScoredPassage,
    ToolCall,
    ToolDeclaration,
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
numbers = st.floats(allow_nan=False, allow_infinity=False)
answers = st.builds(Answer, texts, numbers, st.none() | texts, st.none() | numbers, st.none() | numbers)
completions = st.builds(
    Completion,
    texts,
    st.integers(0),
    st.integers(0),
    st.sampled_from(["stop", "length"]),
    st.none() | numbers,
    st.none() | numbers,
    texts,
    st.booleans(),
    st.lists(st.builds(ToolCall, texts, texts), max_size=2).map(tuple),
)
known = tuple(Passage(f"p{n}", "d", f"text {n}") for n in range(3))
foreign = st.builds(Passage, texts, texts, texts)
rankings = st.lists(st.builds(ScoredPassage, st.sampled_from(known) | foreign, numbers), max_size=5).map(tuple)


def corpus(passages: tuple[Passage, ...], tmp_path_factory) -> Corpus:
    return Corpus(passages, ArtefactStore(tmp_path_factory.getbasetemp()))


@given(outcome=answers | rankings | completions)
def test_an_outcome_is_read_back_as_it_was_written(outcome, tmp_path_factory) -> None:
    """Answers, rankings and completions round-trip, passages from outside the corpus included."""
    here = corpus(known, tmp_path_factory)
    assert decode(encode(outcome, here), here) == outcome


def as_before(text: str, finish_reason: str = "stop") -> bytes:
    """A completion as earlier versions stored it, which judged no reply."""
    return b"j" + json.dumps({"completion": [text, 7, 9, finish_reason, None, None]}).encode()


def test_a_completion_of_an_earlier_version_is_read(tmp_path_factory) -> None:
    """Its thoughts are set apart as they would be now."""
    here = corpus(known, tmp_path_factory)
    assert decode(as_before("Rome"), here) == Completion("Rome", 7, 9)
    assert decode(as_before("<think>Paris?</think>Rome"), here) == Completion("Rome", 7, 9, thoughts="Paris?")


@pytest.mark.parametrize("stored", [as_before(""), as_before("<think>Paris?", "length")])
def test_a_reply_of_an_earlier_version_that_is_no_answer_is_none(stored: bytes, tmp_path_factory) -> None:
    """It was stored as if it were one."""
    assert decode(stored, corpus(known, tmp_path_factory)) is None


def test_whether_nothing_is_an_answer_is_no_part_of_a_key(tmp_path_factory) -> None:
    """It tells how a reply is read, not what is asked."""
    here, prompt = corpus(known, tmp_path_factory), Prompt((Message("user", "a"),))
    model = TinyReasoner()
    assert call_key(Call(model, prompt), here) == call_key(Call(model, replace(prompt, may_be_empty=True)), here)


def test_long_outcomes_are_stored_compressed(tmp_path_factory) -> None:
    """A repetitive answer takes less room than its text."""
    here = corpus(known, tmp_path_factory)
    assert len(encode(Answer("again " * 1000, 1.0), here)) < 200


def test_a_setting_a_question_or_a_passage_makes_another_key(tmp_path_factory) -> None:
    """Whatever can change the outcome is part of the content address."""
    here = corpus(known, tmp_path_factory)
    calls = [
        Call(component, Request(question, passages))
        for component in (Overlap(top_k=1), Overlap(top_k=2), LastWord())
        for question in ("a", "b")
        for passages in ((), known[:1], known[:2])
    ]
    assert len({call_key(call, here) for call in calls}) == len(calls)


def test_the_corpus_is_part_of_the_key_only_where_it_is_searched(tmp_path_factory) -> None:
    """A retriever's call belongs to its corpus; a reader's to what it was given."""
    one, other = corpus(known, tmp_path_factory), corpus(known[:2], tmp_path_factory)
    request = Request("question", known[:1])
    assert call_key(Call(Overlap(), request), one) != call_key(Call(Overlap(), request), other)
    assert call_key(Call(LastWord(), request), one) == call_key(Call(LastWord(), request), other)


def test_whatever_shapes_a_completion_is_part_of_its_key(tmp_path_factory) -> None:
    """The messages and how they are drawn, down to the number of the sample."""
    here = corpus(known, tmp_path_factory)
    hello, asking = (Message("user", "hello"),), Message("assistant", "", (ToolCall("search", "{}"),))
    search = ToolDeclaration("search", "Finds it.", "query")
    prompts = [
        Prompt(hello), Prompt((Message("system", "hello"),)), Prompt((*hello, *hello)), Prompt(hello, temperature=0.5),
        Prompt(hello, top_p=0.5), Prompt(hello, max_tokens=5), Prompt(hello, stop=("x",)), Prompt(hello, seed=1),
        Prompt(hello, sample=1), Prompt(hello, tools=(search,)), Prompt((*hello, asking)),
        Prompt((*hello, replace(asking, tool_calls=()))), Prompt((*hello, asking), tools=(search,)),
        Prompt((asking, *hello)), Prompt(hello, tools=(replace(search, meaning="Finds more."),)),
    ]  # fmt: skip
    assert len({call_key(Call(LastWord(), prompt), here) for prompt in prompts}) == len(prompts)
