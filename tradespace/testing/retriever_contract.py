"""What holds for every retriever."""

from __future__ import annotations

import pytest

from tradespace.components.base import Retriever, ranking_of
from tradespace.components.corpus import Corpus
from tradespace.errors import ComponentError
from tradespace.testing.paragraphs import questions
from tradespace.testing.running import assert_same, run_one
from tradespace.testing.stage_contract import StageContract
from tradespace.types import Request


class RetrieverContract(StageContract):
    """Finds passages of the corpus: distinct, best first, no more than asked for."""

    def test_rankings_hold_distinct_passages_best_first(self, component: Retriever, corpus: Corpus) -> None:
        """A ranking holds passages of the corpus, each once, with falling scores."""
        for question in questions()[:6]:
            ranking = ranking_of(run_one(component, corpus, Request(question.text)))
            passages = [scored.passage for scored in ranking]
            scores = [scored.score for scored in ranking]
            assert passages
            assert len(set(passages)) == len(passages)
            assert set(passages) <= set(corpus.passages)
            assert scores == sorted(scores, reverse=True)

    def test_top_k_is_respected(self, component: Retriever, corpus: Corpus) -> None:
        """No more passages come than `top_k`, and no more than there are."""
        for top_k in (1, 3, 1000) if "top_k" in component.settings else ():
            wanted = component.with_settings(top_k=top_k)
            ranking = ranking_of(run_one(wanted, corpus, Request(questions()[0].text)))
            assert 1 <= len(ranking) <= min(top_k, len(corpus.passages))

    def test_given_passages_are_ignored(self, component: Retriever, corpus: Corpus) -> None:
        """A retriever searches the corpus, whatever passages the request has."""
        question = questions()[0].text
        with_passages = run_one(component, corpus, Request(question, corpus.passages[:2]))
        assert_same(run_one(component, corpus, Request(question)), with_passages)

    def test_most_questions_find_their_paragraph(self, component: Retriever, corpus: Corpus) -> None:
        """At least half of the questions find the paragraph they were written for."""
        rankings = [ranking_of(run_one(component, corpus, Request(question.text))) for question in questions()[:12]]
        hits = [
            question.gold[0] in {scored.passage.document_id for scored in ranking}
            for question, ranking in zip(questions(), rankings, strict=False)
        ]
        assert sum(hits) >= 6

    def test_an_empty_corpus_is_refused(self, component: Retriever, corpus: Corpus) -> None:
        """Nothing can be indexed where there is no passage: the error says so."""
        with pytest.raises(ComponentError, match="passage"):
            run_one(component, Corpus((), corpus.store), Request("Who?"))
