"""A language model reads what it is given; its calls are those of its settings and passages alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradespace.components.base import answer_of
from tradespace.components.corpus import Corpus, whole_documents
from tradespace.components.llms.tiny_reasoner import TinyReasoner
from tradespace.components.notation import parse
from tradespace.components.prompts.tasks import THINK, Task
from tradespace.components.readers.llm import LLMReader
from tradespace.components.retrievers.bm25 import BM25
from tradespace.components.store import ArtefactStore
from tradespace.components.strategies.cot import ChainOfThought
from tradespace.data import Dataset, load_dataset
from tradespace.testing.running import run_one
from tradespace.types import Passage, Request

SMALL = TinyReasoner(size="small")
ASKED = 24


@pytest.fixture(scope="module")
def world() -> Dataset:
    """A small world that no model was trained on."""
    return load_dataset("microworld/100")


@pytest.fixture(scope="module")
def corpus(world: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Its documents, whole."""
    return Corpus(whole_documents(world.documents), ArtefactStore(tmp_path_factory.mktemp("artefacts")))


def right(reader: LLMReader, world: Dataset, corpus: Corpus) -> int:
    """How many of the first questions are answered right from their gold passages."""
    count = 0
    for question in world.questions[:ASKED]:
        passages = tuple(corpus.by_id[document] for document in question.gold)
        count += answer_of(run_one(reader, corpus, Request(question.text, passages))).text in question.answers
    return count


def test_a_chain_of_thought_is_right_more_often_than_a_direct_answer(world: Dataset, corpus: Corpus) -> None:
    """On questions of several hops and some arithmetic, with the passages at hand."""
    direct = LLMReader(model=SMALL, passages=8)
    thinking = direct.with_settings(strategy=ChainOfThought())
    assert right(thinking, world, corpus) > right(direct, world, corpus)


def test_only_the_first_passages_are_part_of_the_call(corpus: Corpus) -> None:
    """So that retrievers that agree on them share it."""
    request = Request("who ?", corpus.passages[:5])
    (call,) = next(LLMReader(passages=2).process(request))
    (same,) = next(LLMReader(passages=2).process(Request("who ?", corpus.passages[:2])))
    assert call == same
    assert corpus.passages[1].text in call.request.messages[1].content
    assert corpus.passages[2].text not in call.request.messages[1].content


def test_the_notation_is_read_back() -> None:
    """Model and strategy are settings like any other."""
    pipeline = BM25() >> LLMReader(model=SMALL, strategy=ChainOfThought())
    assert parse(str(pipeline)) == pipeline
    assert "tiny_reasoner(size='small')" in str(pipeline)


def test_a_prompt_has_the_form_that_the_model_was_trained_on() -> None:
    """The mode, then passages, then the question."""
    system, user = SMALL.messages(Task(THINK, "who ?", (Passage("1", "1", "a is b ."), Passage("2", "2", "c is d ."))))
    assert (system.role, system.content) == ("system", "think")
    assert user.content == "* a is b . * c is d . question: who ?"


def test_an_unknown_size_is_refused() -> None:
    """There are three."""
    with pytest.raises(ValueError, match="small"):
        TinyReasoner.model_validate({"size": "huge"})


def test_passages_that_do_not_fit_are_a_failure_with_a_reason(corpus: Corpus, tmp_path: Path) -> None:
    """Nothing is cut off silently."""
    with pytest.raises(ValueError, match="tokens"):
        run_one(LLMReader(model=SMALL), corpus, Request("who ?", (Passage("long", "long", "word " * 5000),)))
