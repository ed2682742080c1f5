"""What holds for every reranker."""

from __future__ import annotations

from typing import ClassVar

from tradespace.components.base import Reranker, ranking_of
from tradespace.components.corpus import Corpus
from tradespace.testing.running import assert_same, run_one
from tradespace.testing.stage_contract import StageContract
from tradespace.types import Passage, Request

FOREIGN_PASSAGE = Passage("elsewhere", "elsewhere", "The bridge over the river was opened in 1932.")
"""A passage that is in no corpus."""


class RerankerContract(StageContract):
    """Reorders or thins out the passages it is given, and finds no others.

    Class attributes:
        rewrites: whether it may return other texts of the documents that it was given passages of.
    """

    rewrites: ClassVar[bool] = False

    def test_no_passages_stay_no_passages(self, component: Reranker, corpus: Corpus) -> None:
        """Where nothing was retrieved there is nothing to rank."""
        assert run_one(component, corpus, Request("Who?")) == ()

    def test_only_given_passages_come_back(self, component: Reranker, corpus: Corpus) -> None:
        """The outcome holds passages that were given, each once, with falling scores, at most `keep` of them."""
        for request in self.requests(corpus):
            ranking = ranking_of(run_one(component, corpus, request))
            kept = [scored.passage for scored in ranking]
            scores = [scored.score for scored in ranking]
            assert kept
            assert len(set(kept)) == len(kept) <= component.settings.get("keep", len(request.passages))
            assert self.rewrites or set(kept) <= set(request.passages)
            assert len({passage.id for passage in kept}) == len(kept)
            assert {each.document_id for each in kept} <= {each.document_id for each in request.passages}
            assert scores == sorted(scores, reverse=True)

    def test_fewer_are_the_beginning_of_more(self, component: Reranker, corpus: Corpus) -> None:
        """The best passage for `keep=1` is the first for any `keep`."""
        request = self.requests(corpus)[0]
        if "keep" in component.settings:
            every = ranking_of(run_one(component.with_settings(keep=1000), corpus, request))
            assert len(every) == len(request.passages)
            for keep in (1, 3):
                assert_same(run_one(component.with_settings(keep=keep), corpus, request), every[:keep])

    def test_passages_from_elsewhere_are_ranked_too(self, component: Reranker, corpus: Corpus) -> None:
        """A passage that is not in the corpus is ranked as one of the corpus with the same text would be."""
        request = Request("When was the bridge opened?", (FOREIGN_PASSAGE, *corpus.passages[:2]))
        within = Corpus((*corpus.passages[:2], FOREIGN_PASSAGE), corpus.store)
        outcome = ranking_of(run_one(component, corpus, request))
        assert outcome[0].passage.document_id == FOREIGN_PASSAGE.document_id
        assert self.rewrites or outcome[0].passage == FOREIGN_PASSAGE
        assert_same(outcome, run_one(component, within, request))
