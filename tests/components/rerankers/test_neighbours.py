"""Passages grow by what stands around them."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tradespace.components.base import Reranker, ranking_of
from tradespace.components.chunkers.documents import Documents
from tradespace.components.chunkers.sentences import Sentences
from tradespace.components.corpus import Corpus
from tradespace.components.rerankers.base import rewritten
from tradespace.components.rerankers.neighbours import Neighbours
from tradespace.components.rerankers.parents import Parents
from tradespace.components.store import ArtefactStore
from tradespace.evals.measures import measure
from tradespace.explorer.storage.codec import call_key
from tradespace.testing.running import run_one
from tradespace.types import Document, Passage, Question, Request

SENTENCES = 6
DOCUMENTS = tuple(
    Document(
        name, "\n".join(f"Sentence {number} of {name} {'has several words ' * 3}too." for number in range(SENTENCES))
    )
    for name in ("cat", "dog[0:3]")
)
PIECES = Sentences(size=16).split(DOCUMENTS)
CORPUS = Corpus(PIECES, ArtefactStore(Path()), DOCUMENTS)


def read(component: Reranker, *passages: Passage) -> list[Passage]:
    """What goes on of these passages."""
    ranking = ranking_of(run_one(component, CORPUS, Request("Who?", passages)))
    return [scored.passage for scored in ranking]


def test_the_corpus_is_in_sentences() -> None:
    """Each is a passage."""
    assert len(PIECES) == SENTENCES * len(DOCUMENTS)


@given(
    st.lists(st.integers(0, len(PIECES) - 1), unique=True, max_size=6),
    st.integers(0, 3),
    st.integers(0, 3),
)
def test_windows_are_what_a_loop_over_sentences_finds(places: list[int], before: int, after: int) -> None:
    """Sentences within reach are marked, and each run of marked ones is read once, at the place of the best in it."""
    marked = [False] * len(PIECES)
    for place in places:
        first = place // SENTENCES * SENTENCES
        for number in range(max(first, place - before), min(first + SENTENCES, place + after + 1)):
            marked[number] = True
    expected: dict[str, None] = {}
    for place in places:
        first = place // SENTENCES * SENTENCES
        start = end = place
        while start > first and marked[start - 1]:
            start -= 1
        while end + 1 < first + SENTENCES and marked[end + 1]:
            end += 1
        expected["\n".join(PIECES[number].text for number in range(start, end + 1))] = None
    found = read(Neighbours(before=before, after=after), *(PIECES[place] for place in places))
    assert [passage.text for passage in found] == list(expected)


def test_a_window_is_named_by_its_place_in_the_document() -> None:
    """So it is the passage that a chunker would have cut there; a whole document has the document's name."""
    (window,) = read(Neighbours(before=0, after=1), PIECES[0])
    assert window.id == f"cat[0:{len(window.text)}]"
    assert read(Neighbours(before=9, after=9), PIECES[2]) == list(Documents().split(DOCUMENTS[:1]))


def test_what_is_in_no_document_stays_as_it_is() -> None:
    """Passages from elsewhere, rewritten ones, and those of another chunking than the corpus has."""
    strangers = (
        Passage("elsewhere", "elsewhere", "The bridge."),
        rewritten(PIECES[0], "Something else."),
        Passage("cat[0:4]", "cat", DOCUMENTS[0].text[:4]),
    )
    assert read(Neighbours(), *strangers) == list(strangers)
    assert read(Parents(), *strangers[:2]) == list(strangers[:2])


def test_parents_are_the_passages_of_another_chunking() -> None:
    """The one that holds most of a passage, once each, at the place of the best."""
    larger = Sentences(size=40)
    parents = larger.split(DOCUMENTS)
    assert len(parents) < len(PIECES)
    found = read(Parents(chunker=larger), PIECES[7], PIECES[0], PIECES[6])
    holding = [next(parent for parent in parents if PIECES[place].text in parent.text) for place in (7, 0)]
    assert found == holding
    across = Passage("cat[50:200]", "cat", DOCUMENTS[0].text[50:200])
    sizes = {
        parent: len(set(range(50, 200)) & _characters(parent)) for parent in parents if parent.document_id == "cat"
    }
    assert read(Parents(chunker=larger), across) == [max(sizes, key=lambda parent: sizes[parent])]


def _characters(passage: Passage) -> set[int]:
    start = DOCUMENTS[0].text.index(passage.text)
    return set(range(start, start + len(passage.text)))


def test_retrieval_measures_count_documents_as_before() -> None:
    """A grown passage is of its document, and two that are merged are one of it."""
    question = Question("1", "Who?", gold=("dog[0:3]",))
    for component in (Neighbours(), Parents()):
        ranking = run_one(component, CORPUS, Request("Who?", (PIECES[0], PIECES[1], PIECES[8])))
        scored = {
            name: measure(name).score([question], [ranking_of(ranking)], [None]) for name in ("mrr", "gold_recall@5")
        }
        assert scored == {"mrr": [0.5], "gold_recall@5": [1.0]}


def test_calls_are_addressed_by_what_they_depend_on() -> None:
    """Parents by the documents, neighbours by the passages too, and other rerankers by neither."""
    whole = Corpus(Documents().split(DOCUMENTS), CORPUS.store, DOCUMENTS)
    edited = Corpus(PIECES, CORPUS.store, (*DOCUMENTS[:1], Document("dog[0:3]", "Another text.")))

    def differs(component: Reranker, other: Corpus) -> bool:
        (call,) = next(component.process(Request("Who?", PIECES[:2])))
        return call_key(call, CORPUS) != call_key(call, other)

    assert [differs(Parents(), other) for other in (whole, edited)] == [False, True]
    assert [differs(Neighbours(), other) for other in (whole, edited)] == [True, True]
