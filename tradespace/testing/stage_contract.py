"""What holds for every component that answers requests: retrievers, rerankers and readers."""

from __future__ import annotations

import pytest

from tradespace.components import store
from tradespace.components.base import Component
from tradespace.components.corpus import Corpus
from tradespace.components.processes import Running
from tradespace.testing.component_contract import ComponentContract
from tradespace.testing.paragraphs import questions
from tradespace.testing.running import assert_same, run_one, run_together
from tradespace.types import Outcome, Request

ODD_QUESTIONS = ("", " ", "???", "Qu'est-ce que c'est ? 日本語 🎉 \u0000", "word " * 2000)
"""Questions that a user may well send."""


class StageContract(ComponentContract):
    """Answering requests: deterministic, in order, and the same alone as in a batch."""

    def requests(self, corpus: Corpus) -> list[Request]:
        """Questions, each with seven passages that begin with the one that answers it but one."""
        passages = corpus.passages * 2
        return [Request(question.text, passages[place : place + 7]) for place, question in enumerate(questions()[:6])]

    def test_batch_equals_one_by_one(self, component: Component, corpus: Corpus) -> None:
        """A batch of requests is answered as each would be alone, in the order given."""
        requests = self.requests(corpus)
        together = run_together(component, corpus, requests)
        assert len(together) == len(requests)
        for request, outcome in zip(requests, together, strict=True):
            assert_same(outcome, run_one(component, corpus, request))

    def test_the_same_request_has_the_same_outcome(self, component: Component, corpus: Corpus) -> None:
        """Opened twice and asked twice, a component answers the same; so do repeated requests in a batch."""
        request = self.requests(corpus)[0]
        first, second = run_together(component, corpus, [request, request])
        assert_same(first, second)
        assert_same(first, run_one(component, corpus, request))

    def test_empty_batch(self, component: Component, corpus: Corpus) -> None:
        """No requests have no outcomes."""
        assert run_together(component, corpus, []) == []

    @pytest.mark.parametrize("question", ODD_QUESTIONS, ids=lambda text: repr(text[:8]))
    def test_odd_questions_are_answered(self, component: Component, corpus: Corpus, question: str) -> None:
        """Empty, blank, very long and non-Latin questions are questions too."""
        run_one(component, corpus, Request(question, corpus.passages[:3]))

    @pytest.mark.parametrize("question", ODD_QUESTIONS, ids=lambda text: repr(text[:8]))
    def test_passes_are_told_of_any_request(self, component: Component, corpus: Corpus, question: str) -> None:
        """What a component says of its work holds some tokens for each pass, and is the same when asked again."""
        running: Running[Outcome, Outcome] = Running(component.process(Request(question, corpus.passages[:3])))
        for call in running.calls:
            told = call.component.passes([call.request])
            assert told == call.component.passes([call.request])
            assert told is None or (told.side_by_side >= 1 and all(tokens >= 1 for tokens in told.tokens))
        running.close()

    def test_what_is_built_is_built_once(
        self, component: Component, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What a component builds from a corpus is kept in the store: the second time nothing is built."""
        request = self.requests(corpus)[0]
        first = run_one(component, corpus, request)
        built: list[object] = []
        monkeypatch.setattr(store, "_build", lambda *arguments: built.append(arguments))
        assert_same(first, run_one(component, corpus, request))
        assert built == []
