"""Retrievers that ask a language model what to search for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradespace.components.base import Process, Retriever, ranking_of
from tradespace.components.corpus import Corpus, whole_documents
from tradespace.components.llms.tiny_reasoner import TinyReasoner
from tradespace.components.readers.llm import LLMReader
from tradespace.components.retrievers import RETRIEVERS
from tradespace.components.retrievers.asking import ModelGuidedRetriever
from tradespace.components.retrievers.bm25 import BM25
from tradespace.components.retrievers.decomposition import Decomposition
from tradespace.components.retrievers.hyde import HyDE
from tradespace.components.retrievers.if_needed import IfNeeded
from tradespace.components.retrievers.ircot import IRCoT
from tradespace.components.retrievers.multi_query import MultiQuery
from tradespace.components.retrievers.step_back import StepBack
from tradespace.components.store import ArtefactStore
from tradespace.explorer.running.runner import run
from tradespace.testing.retriever_contract import RetrieverContract
from tradespace.testing.running import run_one
from tradespace.testing.scripted import Scripted
from tradespace.testing.stage_contract import ODD_QUESTIONS
from tradespace.testing.strategy_contract import SMALL_REASONER, caller_in, follow, small_world
from tradespace.types import Outcome, Request

DEEP = BM25(top_k=8)
ALL: tuple[ModelGuidedRetriever, ...] = (
    MultiQuery(model=SMALL_REASONER, wordings=2),
    HyDE(model=SMALL_REASONER, suppositions=2, max_tokens=24),
    StepBack(model=SMALL_REASONER, retriever=DEEP),
    Decomposition(model=SMALL_REASONER, top_k=5),
    IRCoT(model=SMALL_REASONER, steps=2, shown=2, top_k=6),
    IfNeeded(model=SMALL_REASONER, sure_from=1.0),
)


@pytest.mark.parametrize("component", ALL, ids=str)
class TestAskingRetrievers(RetrieverContract):
    """All of them, on paragraphs that the tiny model does not understand."""

    @pytest.mark.parametrize("question", ODD_QUESTIONS[:-1], ids=lambda text: repr(text[:8]))
    def test_odd_questions_are_answered(self, component: Retriever, corpus: Corpus, question: str) -> None:
        """But those that are longer than the model can read: they fail with a reason."""
        run_one(component, corpus, Request(question))
        with pytest.raises(ValueError, match="tokens"):
            run_one(component, corpus, Request(ODD_QUESTIONS[-1]))


def test_every_retriever_that_asks_is_under_contract() -> None:
    """None is listed without being tested."""
    assert {type(one) for one in ALL} == {one for one in RETRIEVERS if issubclass(one, ModelGuidedRetriever)}


SAID = Scripted(
    script={
        "ask": ("answer: where does Ada live?", "answer: home of Ada", "answer: none"),
        "think": ("Ada lives in Rome.",),
        "direct": ("Rome",),
    }
)


@pytest.mark.parametrize(
    ("retriever", "calls"),
    [
        (MultiQuery(model=SAID, wordings=1), [1, 2]),
        (MultiQuery(model=SAID, wordings=3), [3, 3]),
        (HyDE(model=SAID, suppositions=4), [4, 1]),
        (StepBack(model=SAID), [1, 2]),
        (Decomposition(model=SAID), [1, 2]),
        (IRCoT(model=SAID, steps=3), [1, 1, 1, 1, 1]),
        (IRCoT(model=SAID, steps=1), [1, 1, 1]),
        (IRCoT(model=Scripted(script={"ask": ("answer: none",)}), steps=3), [1, 1]),
        (IfNeeded(model=SAID, sure_from=0.6), [1]),
        (IfNeeded(model=SAID, sure_from=0.7), [1, 1]),
    ],
    ids=lambda value: str(value)[:24],
)
def test_rounds_and_calls_are_as_written_here(
    retriever: ModelGuidedRetriever, calls: list[int], corpus: Corpus
) -> None:
    """One number for each round: how many calls it makes side by side. A wording that comes back is searched once."""
    assert rounds(retriever.process(Request("Where is Ada's home?")), corpus) == calls


def rounds(process: Process, corpus: Corpus) -> list[int]:
    """How many calls each round of a retriever has."""

    def answering() -> Process:
        ranking = yield from process
        found.append(ranking)
        return (yield from LLMReader(model=SAID).process(Request("?")))

    found: list[Outcome] = []
    calls, _ = follow(answering(), corpus)
    assert ranking_of(found[0]) is not None
    return calls[:-1]


def test_asking_for_what_is_missing_finds_more_of_it(tmp_path: Path) -> None:
    """On questions of several hops, IRCoT finds more of what is needed than a search for the question does."""
    world = small_world()
    corpus = Corpus(whole_documents(world.documents), ArtefactStore(tmp_path))
    asked = [question for question in world.questions[:60] if len(question.gold) > 1][:24]

    def found(retriever: Retriever) -> int:
        rankings = [ranking_of(run_one(retriever, corpus, Request(question.text))) for question in asked]
        return sum(
            document in {one.passage.document_id for one in ranking}
            for question, ranking in zip(asked, rankings, strict=True)
            for document in question.gold
        )

    assert found(IRCoT(retriever=BM25(top_k=4), model=TinyReasoner(), steps=3, top_k=6)) > found(BM25(top_k=6))


def test_what_a_model_knows_it_is_asked_once(tmp_path: Path) -> None:
    """Where nothing is searched, a reader that asks the same model directly makes no call of its own."""
    recorded_calls = caller_in(tmp_path)
    pipeline = IfNeeded(model=SAID, sure_from=0.5) >> LLMReader(model=SAID, max_tokens=96)
    (trace,) = run(recorded_calls, [pipeline], ["where is Rome"])[pipeline]
    assert trace.answer is not None
    assert (trace.answer.text, trace.ranking, recorded_calls.budget.made) == ("Rome", (), 1)
