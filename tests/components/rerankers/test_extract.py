"""Passages are shortened to the sentences that matter."""

from __future__ import annotations

from pathlib import Path

from tradespace.components.base import Reranker, ranking_of
from tradespace.components.corpus import Corpus
from tradespace.components.rerankers.extract import Extract
from tradespace.components.rerankers.word_overlap import WordOverlap
from tradespace.components.store import ArtefactStore
from tradespace.evals.measures import measure
from tradespace.testing.paragraphs import questions
from tradespace.testing.running import run_one, run_together
from tradespace.types import Passage, Question, Request

CATS = Passage("cats[0:9]", "cats", "The cat sat. A dog ran! Where is the mat? It rained.")
DOGS = Passage("dogs", "dogs", "A dog ran! Dogs ran after the cat. The dog sat on a mat.")
RAIN = Passage("rain", "rain", "It rained all day.")
EMPTY = Corpus((), ArtefactStore(Path()))


def left(component: Reranker, question: str, *passages: Passage) -> list[Passage]:
    """What goes on of these passages."""
    ranking = ranking_of(run_one(component, EMPTY, Request(question, passages)))
    return [scored.passage for scored in ranking]


def extract(keep: int) -> Extract:
    """Sentences by the words that they share with the question."""
    return Extract(reranker=WordOverlap(keep=keep))


def test_the_best_sentences_of_all_passages_stay_in_their_order() -> None:
    """In their passages, which keep their order; a passage of which none is left goes."""
    found = left(extract(3), "cat on mat", DOGS, RAIN, CATS)
    assert [passage.text for passage in found] == [
        "The dog sat on a mat.",
        "The cat sat. Where is the mat?",
    ]
    assert [passage.document_id for passage in found] == ["dogs", "cats"]


def test_a_sentence_that_passages_share_stays_in_the_first() -> None:
    """It is ranked once and read once, as the overlap of two neighbours is."""
    twin = Passage("cats[20:40]", "cats", "A dog ran! It rained.")
    found = left(extract(20), "dog", CATS, twin, DOGS)
    assert [passage.text for passage in found] == [CATS.text, "Dogs ran after the cat. The dog sat on a mat."]


def test_a_passage_that_stays_whole_is_itself() -> None:
    """So that reading it is shared; a shorter one is named by its content."""
    whole, cut = left(extract(6), "dogs ran where mat cat rained", DOGS, CATS)
    assert whole == DOGS
    assert cut.id.startswith("cats[0:9]#")
    assert left(extract(2), "mat", CATS) != left(extract(2), "cat", CATS)


def test_retrieval_measures_find_gold_in_what_is_left() -> None:
    """A shortened passage is of its document."""
    ranking = ranking_of(run_one(extract(3), EMPTY, Request("cat on mat", (DOGS, RAIN, CATS))))
    question = Question("1", "cat on mat", gold=("cats", "rain"))
    assert measure("gold_recall@5").score([question], [ranking], [None]) == [0.5]


def test_the_answer_is_mostly_left(corpus: Corpus) -> None:
    """Two sentences nearest to the question hold the answer of most paragraphs of several."""
    asked = list(zip(questions()[:12], corpus.passages, strict=False))
    requests = [Request(question.text, (passage,)) for question, passage in asked]
    outcomes = run_together(extract(2), corpus, requests)
    texts = [ranking_of(outcome)[0].passage.text for outcome in outcomes]
    assert all(len(text) <= len(passage.text) for text, (_, passage) in zip(texts, asked, strict=True))
    assert sum(question.answers[0] in text for text, (question, _) in zip(texts, asked, strict=True)) >= 8


def test_words_in_common_by_hand() -> None:
    """Two of two terms asked, of two: 1; one of two, of three: 1 over the root of 6. Stop words do not count."""
    texts = ("the cat sat", "a cat ran home", "rain")
    passages = tuple(Passage(text, text, text) for text in texts)
    ranking = ranking_of(run_one(WordOverlap(), EMPTY, Request("The cat sat?", passages)))
    assert [round(scored.score, 6) for scored in ranking] == [1.0, round(6**-0.5, 6), 0.0]


def test_one_overlap_serves_every_keep() -> None:
    """The best few are the beginning of the best many: one call."""
    calls = {tuple(next(WordOverlap(keep=keep).process(Request("Who?", (CATS,))))) for keep in (1, 3, 20)}
    assert len(calls) == 1
