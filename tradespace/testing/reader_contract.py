"""What holds for every reader."""

from __future__ import annotations

from tradespace.components.base import Reader, answer_of
from tradespace.components.corpus import Corpus
from tradespace.testing.paragraphs import questions
from tradespace.testing.reranker_contract import FOREIGN_PASSAGE
from tradespace.testing.running import run_one
from tradespace.testing.stage_contract import StageContract
from tradespace.types import Passage, Request


class ReaderContract(StageContract):
    """Answers from the passages it is given, with words that are in them."""

    def test_the_answer_is_in_its_passage(self, component: Reader, corpus: Corpus) -> None:
        """The answer's text is a piece of the passage that it names, and that passage was given."""
        for request in self.requests(corpus):
            answer = answer_of(run_one(component, corpus, request))
            texts = {passage.id: passage.text for passage in request.passages}
            assert answer.text
            assert answer.text in texts[str(answer.passage_id)]

    def test_nothing_to_read_has_an_empty_answer(self, component: Reader, corpus: Corpus) -> None:
        """Without passages, or with an empty one, the answer is empty and names no passage."""
        for passages in ((), (Passage("blank", "blank", " "),)):
            answer = answer_of(run_one(component, corpus, Request("Who?", passages)))
            assert (answer.text, answer.passage_id) == ("", None)

    def test_only_the_first_passages_are_read(self, component: Reader, corpus: Corpus) -> None:
        """A passage ranked lower than `passages` is not read."""
        if "passages" in component.settings:
            request = Request("When was the bridge opened?", (corpus.passages[0], FOREIGN_PASSAGE))
            assert (
                answer_of(run_one(component.with_settings(passages=1), corpus, request)).passage_id
                != FOREIGN_PASSAGE.id
            )
            assert (
                answer_of(run_one(component.with_settings(passages=2), corpus, request)).passage_id
                == FOREIGN_PASSAGE.id
            )

    def test_many_questions_are_answered(self, component: Reader, corpus: Corpus) -> None:
        """Given the right paragraph, at least half of the answers hold the accepted one."""
        held = [
            question.answers[0] in answer_of(run_one(component, corpus, Request(question.text, (passage,)))).text
            for question, passage in zip(questions()[:16], corpus.passages, strict=False)
        ]
        assert sum(held) >= 8
