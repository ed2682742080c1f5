"""A language model shortens passages."""

from __future__ import annotations

import pytest

from tradespace.components.base import Reranker, ranking_of
from tradespace.components.corpus import Corpus
from tradespace.components.readers.map_reduce import MapReduce
from tradespace.components.rerankers.summarize import Summarize
from tradespace.testing.reranker_contract import RerankerContract
from tradespace.testing.running import run_one
from tradespace.testing.scripted import Scripted
from tradespace.testing.stage_contract import ODD_QUESTIONS
from tradespace.testing.strategy_contract import SMALL_REASONER
from tradespace.types import Request


@pytest.mark.parametrize("component", [Summarize(model=SMALL_REASONER, max_tokens=6)], ids=str)
class TestSummarize(RerankerContract):
    """The contract, on paragraphs that the tiny model does not understand."""

    rewrites = True

    def requests(self, corpus: Corpus) -> list[Request]:
        """Fewer and shorter ones."""
        return [Request(request.question, request.passages[:2]) for request in super().requests(corpus)[:3]]

    @pytest.mark.parametrize("question", ODD_QUESTIONS[:-1], ids=lambda text: repr(text[:8]))
    def test_odd_questions_are_answered(self, component: Reranker, corpus: Corpus, question: str) -> None:
        """But those that are longer than the model can read: they fail with a reason."""
        request = Request(question, corpus.passages[:1])
        run_one(component, corpus, request)
        with pytest.raises(ValueError, match="tokens"):
            run_one(component, corpus, Request(ODD_QUESTIONS[-1], request.passages))


def test_notes_take_the_place_of_passages(corpus: Corpus) -> None:
    """In their order, of the same documents."""
    notes = Summarize(model=Scripted(script={"think": ("Rollo was first.",)}))
    ranking = ranking_of(run_one(notes, corpus, Request("Who?", corpus.passages[:2])))
    assert [scored.passage.text for scored in ranking] == ["Rollo was first."] * 2
    assert [scored.passage.document_id for scored in ranking] == [each.document_id for each in corpus.passages[:2]]


@pytest.mark.parametrize("note", ["", " ", "None."])
def test_a_passage_without_anything_to_note_goes(note: str, corpus: Corpus) -> None:
    """The model writes nothing, or says that there is nothing."""
    notes = Summarize(model=Scripted(script={"think": (note,)}))
    assert run_one(notes, corpus, Request("Who?", corpus.passages[:2])) == ()


def test_notes_are_those_of_map_reduce(corpus: Corpus) -> None:
    """The same calls: pipelines that summarize and those that map and reduce share them."""
    request = Request("Who?", corpus.passages[:3])
    settings = {"model": SMALL_REASONER, "max_tokens": 20}
    assert next(Summarize(**settings).process(request)) == next(MapReduce(passages=3, **settings).process(request))
