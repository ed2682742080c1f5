"""A kind of call says in one place how it is addressed, written, read, checked, sized and stood in for."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tradespace.components.base import Call
from tradespace.components.calls import CALL_KINDS, CallKind, kind_returning
from tradespace.components.calls.base import StandIn
from tradespace.components.corpus import Corpus
from tradespace.components.embedders.openai import OpenAIEmbeddings
from tradespace.components.llms.tiny_reasoner import TinyReasoner
from tradespace.components.readers.sentence import SentenceReader
from tradespace.components.retrievers.bm25 import BM25
from tradespace.components.store import ArtefactStore
from tradespace.components.strategies.programs import ProgramRunner
from tradespace.errors import ComponentError
from tradespace.explorer.storage.codec import call_key, decode, encode
from tradespace.types import (
    Answer,
    Completion,
    Document,
    Embedding,
    Given,
    Message,
    Outcome,
    Passage,
    Program,
    ProgramRun,
    Prompt,
    Request,
    ScoredPassage,
    ToolCall,
    ToolDeclaration,
)

PASSAGES = (Passage("a", "a", "A red hat."),)
CORPUS = Corpus(PASSAGES, ArtefactStore(Path()))
PROMPT = Prompt((Message("user", "Which hat?"),), temperature=0.5, stop=("\n",), sample=3)

ASKING = Prompt(
    (
        Message("user", "Which hat?"),
        Message("assistant", "", (ToolCall("search", '{"query": "hat"}'),)),
        Message("tool", "A red hat..."),
    ),
    tools=(ToolDeclaration("search", "Finds hats.", "query"),),
)


@dataclass(frozen=True)
class Example:
    """A call, what it may return, and both as they stand in ledgers that were written by the first versions."""

    call: Call
    outcome: Outcome
    key: str
    stored: bytes
    sizes: tuple[int, ...]


EXAMPLES = {
    "ranking": Example(
        Call(BM25(), Request("Which hat?")),
        (ScoredPassage(PASSAGES[0], 0.5), ScoredPassage(Passage("b", "b", "Foreign."), 0.25)),
        "b0f9e743863b94cde331abf81232501b935fe0c171299e4e2a4eb7ecc77dd999",
        b'j{"ranking":[["a",0.5],[["b","b","Foreign."],0.25]]}',
        (),
    ),
    "answer": Example(
        Call(SentenceReader(), Request("Which hat?", PASSAGES)),
        Answer("red", 0.5, "a"),
        "5541f647052f007cc19609a201804a47c1608ffd76d443d1d25ac58a888b38b9",
        b'j{"answer":["red",0.5,"a",null,null]}',
        (10,),
    ),
    "embedding": Example(
        Call(OpenAIEmbeddings(model="e"), Request("Which hat?")),
        Embedding(b"\x00\x00\x80?\x00\x00\x00\xc0", 3),
        "4f12908e3daa8be3fe41c88928fff792870a4badbae7bd2b4e94931813701fa0",
        b'j{"embedding":["AACAPwAAAMA=",3,false]}',
        (),
    ),
    "ranking of a question with its vector": Example(
        Call(BM25(), Request("Which hat?", vector=b"\x00\x00\x80?")),
        (ScoredPassage(PASSAGES[0], 0.5),),
        "44f279b294d841bd6e6413bcfe41c2cd865f66d9affa2c3e0081469e17c044ad",
        b'j{"ranking":[["a",0.5]]}',
        (),
    ),
    "completion": Example(
        Call(TinyReasoner(), PROMPT),
        Completion("red", 3, 1),
        "643600db2b55df466468a46695956a99ca0fb12de57c5952c43701aade6b6e4e",
        b'j{"completion":["red",3,1,"stop",null,null,"",false]}',
        (10,),
    ),
    "completion that asks for tools": Example(
        Call(TinyReasoner(), ASKING),
        Completion("", 3, 9, tool_calls=(ToolCall("search", '{"query": "hat"}'),)),
        "0a4f71141233f4fe38fb151e1f3bff5da8233c203141d98a636ee7c6c2c68973",
        b'j{"completion":["",3,9,"stop",null,null,"",false,[["search","{\\"query\\": \\"hat\\"}"]]]}',
        (10, 0, 12, 16, 11),
    ),
    "program with input": Example(
        ProgramRunner().call("print(input())", "7"),
        ProgramRun("7", True),
        "e43e56bfe1efdb95357f0520689a11fe921f444501f69c78ce16f2a5773ab23a",
        b'j{"answer":["7",1.0,null,null,null]}',
        (14, 1),
    ),
    "program that failed": Example(
        ProgramRunner().call("print(7)"),
        ProgramRun("ran longer than 5 s", False),
        "83ff33d2a4d1686a9ce5848e3f193bbd29ee40b3b3c3d8781e15aff2d08f1d0c",
        b'j{"answer":["ran longer than 5 s",0.0,null,null,null]}',
        (8, 0),
    ),
}
each = pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)


def kind_of(example: Example) -> CallKind:
    """The kind of an example's call."""
    assert example.call.component.returns is not None
    return kind_returning(example.call.component.returns)


def test_every_kind_has_an_example() -> None:
    """Whoever adds a kind pins how it is addressed and stored."""
    assert {kind_of(example).outcome for example in EXAMPLES.values()} == {kind.outcome for kind in CALL_KINDS}


@each
def test_addresses_stay_as_they_were(example: Example) -> None:
    """What older ledgers hold is found."""
    assert call_key(example.call, CORPUS).hex() == example.key


@each
def test_outcomes_are_stored_as_they_were_and_read_back(example: Example) -> None:
    """Older ledgers are read, and older versions read what is written now."""
    assert encode(example.outcome, CORPUS) == example.stored
    assert decode(example.stored, CORPUS, example.call.component.returns) == example.outcome


@each
def test_what_is_sound_passes_unchanged(example: Example) -> None:
    """A check is not allowed to change an outcome that needs none."""
    assert kind_of(example).checked(example.call.component, example.outcome) == example.outcome


@each
def test_size_is_what_is_read_besides_the_question(example: Example) -> None:
    """Passages, messages, or a program with its input."""
    assert tuple(map(len, kind_of(example).texts(example.call.request))) == example.sizes


@each
def test_a_stand_in_is_sound_and_the_same_each_time(example: Example) -> None:
    """It has the shape of what would come back, and can be handed to whatever waits for it."""
    kind, component = kind_of(example), example.call.component
    first, second = (kind.stand_in(source(example), example.call.request) for _ in "ab")
    assert first == second
    assert isinstance(first, kind.outcome)
    assert kind.checked(component, first) == first


def source(example: Example) -> StandIn:
    """What its stand-in is made of."""
    component = example.call.component
    searches = isinstance(component, BM25)
    return StandIn(repr(component), component.settings, searches, [Document("d", "Words.")], random.Random(0))


def test_a_ranking_stands_in_for_as_many_passages_as_are_found() -> None:
    """By the setting of a retriever; a reranker that is given none returns none."""
    ranking = EXAMPLES["ranking"]
    found = kind_of(ranking).stand_in(source(ranking), Request("Which hat?"))
    assert isinstance(found, tuple)
    assert len(found) == BM25().top_k
    reranker = StandIn("maxsim()", {}, False, [Document("d", "Words.")], random.Random(0))
    assert kind_of(ranking).stand_in(reranker, Request("Which hat?")) == ()


@pytest.mark.parametrize(
    ("given", "passages"),
    [
        (Request("?", (Passage("x", "x", "stand-in"),) * 2), Request("?", PASSAGES * 2)),
        (PROMPT, PROMPT),
        (Program("print(7)"), Program("print(7)")),
    ],
)
def test_other_passages_take_the_place_of_those_that_are_given(given: Given, passages: Given) -> None:
    """As many, again from the first where there are fewer; what holds none stays as it is."""
    kinds = [kind for kind in CALL_KINDS if isinstance(given, kind.given)]
    assert kinds
    for kind in kinds:
        assert kind.on_passages(given, PASSAGES) == passages


@pytest.mark.parametrize("output", [None, 7, b"7"])
def test_what_a_program_printed_must_be_text(output: Any) -> None:
    """As everything else that comes back from other people's code."""
    with pytest.raises(ComponentError, match="must be text"):
        kind_returning(ProgramRun).checked("runner", ProgramRun(output, True))


def test_marks_are_json_names() -> None:
    """One outcome is one object with one name."""
    for example in EXAMPLES.values():
        assert list(json.loads(example.stored[1:])) == [kind_of(example).mark]
