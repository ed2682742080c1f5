"""What components return is checked where it enters, however they are run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.embeddings import Embeddings

from tradespace.components.base import Chunker, Component, Operator, Pipeline, Reader, Reranker, Retriever
from tradespace.components.checked import checked, checked_outcome, checked_passages, checked_scores, checked_vectors
from tradespace.components.corpus import Corpus, whole_documents
from tradespace.components.direct import run_directly
from tradespace.components.embedders.langchain import LangChainEmbeddings
from tradespace.components.llms.base import LanguageModel
from tradespace.components.readers.llm import LLMReader
from tradespace.components.rerankers.mmr import MMR
from tradespace.components.rerankers.pointwise import PointwiseReranker, Scorer
from tradespace.components.retrievers.bm25 import BM25
from tradespace.components.retrievers.dense import Dense
from tradespace.components.roles import Role
from tradespace.components.store import ArtefactStore
from tradespace.errors import ComponentError
from tradespace.explorer.running.one_question import answer_question
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.runner import run
from tradespace.explorer.storage.databases import open_ledger
from tradespace.types import (
    Answer,
    Completion,
    Document,
    Failure,
    Pair,
    Passage,
    Ranking,
    Request,
    ScoredPassage,
    Timed,
)

DOCUMENTS = (Document("a", "A red hat."), Document("b", "A blue hat."))
PASSAGE = Passage("p", "d", "text")
NAN, INFINITY = math.nan, math.inf
UNSOUND: dict[type[Component], Any] = {}
"""What the operators below return for each request."""


def returning(base: type[Component]) -> type[Any]:
    """A component of a role whose operator returns `UNSOUND[its class]` for each request."""

    class Returning(base):  # type: ignore[misc, valid-type]
        name: ClassVar[str] = f"returning_{base.__name__.lower()}"

        def open(self, corpus: Corpus) -> Operator:
            return lambda requests: [UNSOUND[Returning]] * len(requests)

    return Returning


ODD_RETRIEVER, ODD_RERANKER, ODD_READER, ODD_MODEL = map(returning, (Retriever, Reranker, Reader, LanguageModel))


@pytest.fixture
def recorded_calls(tmp_path: Path) -> RecordedCalls:
    return RecordedCalls(OpenedComponents(DOCUMENTS, tmp_path / "artefacts"), open_ledger(tmp_path / "ledger.sqlite"))


@pytest.mark.parametrize(
    ("kind", "pipeline", "outcome", "message"),
    [
        (ODD_RETRIEVER, ODD_RETRIEVER(), (ScoredPassage(PASSAGE, NAN),), "score must be a finite number; given: nan"),
        (ODD_RETRIEVER, ODD_RETRIEVER(), [ScoredPassage(PASSAGE, 1.0)], "must return a ranking"),
        (ODD_RETRIEVER, ODD_RETRIEVER(), (PASSAGE,), "must return a ranking"),
        (ODD_RETRIEVER, ODD_RETRIEVER(), Answer("hat", 1.0), "must return a ranking"),
        (ODD_RERANKER, BM25() >> ODD_RERANKER(), (ScoredPassage(PASSAGE, INFINITY),), "given: inf"),
        (ODD_READER, BM25() >> ODD_READER(), Answer(NAN, 1.0), "text must be text; given: nan"),  # type: ignore[arg-type]
        (ODD_READER, BM25() >> ODD_READER(), Answer(None, 1.0), "text must be text; given: None"),  # type: ignore[arg-type]
        (ODD_READER, BM25() >> ODD_READER(), Answer("hat", NAN), "score must be a finite number"),
        (ODD_READER, BM25() >> ODD_READER(), Answer("hat", 1.0, confidence=NAN), "confidence must be a finite"),
        (ODD_READER, BM25() >> ODD_READER(), "hat", "must return an Answer; it returned 'hat'"),
        (ODD_READER, BM25() >> ODD_READER(), None, "must return an Answer; it returned None"),
        (ODD_READER, BM25() >> ODD_READER(), Timed(Answer("hat", NAN), 0.1), "score must be a finite number"),
        (ODD_MODEL, BM25() >> LLMReader(model=ODD_MODEL()), Completion("hat", 1, 1, log_probability=NAN), "log_prob"),
        (ODD_MODEL, BM25() >> LLMReader(model=ODD_MODEL()), Completion(NAN, 1, 1), "text must be text"),  # type: ignore[arg-type]
        (ODD_MODEL, BM25() >> LLMReader(model=ODD_MODEL()), Completion("hat", None, 1), "tokens_in"),  # type: ignore[arg-type]
        (ODD_MODEL, BM25() >> LLMReader(model=ODD_MODEL()), Answer("hat", 1.0), "must return a Completion"),
    ],
)
def test_an_unsound_outcome_is_a_failure(
    kind: type[Component], pipeline: Pipeline | Component, outcome: Any, message: str, recorded_calls: RecordedCalls
) -> None:
    """It fails its question, in words that name the component; it is made again, and asking raises the same."""
    UNSOUND[kind] = outcome
    whole = pipeline if isinstance(pipeline, Pipeline) else Pipeline((pipeline,))
    (trace,) = run(recorded_calls, [whole], ["Which hat?"])[whole]
    assert trace.failure is not None
    assert message in trace.failure.message
    assert kind.name in trace.failure.message
    made = recorded_calls.budget.made
    run(recorded_calls, [whole], ["Which hat?"])
    assert recorded_calls.budget.made == made + 1
    with pytest.raises(ComponentError, match=message.split(";", maxsplit=1)[0]):
        answer_question(whole, recorded_calls.opened_components, "Which hat?")


@pytest.mark.parametrize("count", [0, 2])
def test_as_many_outcomes_as_requests(count: int) -> None:
    """One too few or too many can't be told apart from a wrong order: none of them counts."""
    with pytest.raises(ComponentError, match=f"one outcome for each of 1; it returned {count}"):
        checked(BM25(), tuple, [()] * count, 1)


def test_what_a_process_comes_to_is_checked(recorded_calls: RecordedCalls) -> None:
    """A component that calls nothing, but computes its ranking itself, is checked at its end."""

    class Own(Retriever):
        name: ClassVar[str] = "own"

        def process(self, request: Request) -> Any:
            yield ()
            return (ScoredPassage(PASSAGE, NAN),)

    (trace,) = run(recorded_calls, [Pipeline((Own(),))], ["Which?"])[Pipeline((Own(),))]
    assert trace.failure is not None
    assert "own()" in trace.failure.message
    with pytest.raises(ComponentError, match=r"Own\.process.*finite number"):
        run_directly(Own().process(Request("Which?")), lambda component: pytest.fail())


def test_one_unsound_outcome_leaves_the_others_alone() -> None:
    """A batch is checked one by one."""
    sound, unsound = Answer("hat", 1.0), Answer("hat", NAN)
    outcomes = checked("reader", Answer, [sound, unsound, Failure("none"), Timed(sound, 0.5)], 4)
    assert [type(outcome) for outcome in outcomes] == [Answer, Failure, Failure, Timed]
    assert outcomes[0] == sound


@given(score=st.floats(allow_nan=False, allow_infinity=False), text=st.text(), confidence=st.none() | st.floats(0, 1))
def test_sound_outcomes_pass_unchanged(score: float, text: str, confidence: float | None) -> None:
    """What is finite and can be encoded is left as it is."""
    answer = Answer(text, score, "p", confidence)
    ranking: Ranking = (ScoredPassage(replace(PASSAGE, text=text), score),)
    completion = Completion(text, 1, 2, log_probability=score)
    for outcome in (answer, ranking, completion, ()):
        assert checked_outcome("any", None, outcome) == outcome


@pytest.mark.parametrize("number", [np.float32(0.5), np.float64(0.5), np.int64(3), 2])
def test_numbers_of_other_libraries_become_pythons_own(number: Any) -> None:
    """A score that JSON can't write, such as NumPy's, is the same number as Python's."""
    answer = checked_outcome("any", Answer, Answer("hat", number))
    assert isinstance(answer, Answer)
    assert isinstance(answer.score, float)
    assert answer.score == number


@pytest.mark.parametrize("kind", [ODD_RETRIEVER, ODD_READER, ODD_MODEL])
def test_halves_of_surrogate_pairs_are_replaced(kind: type[Any], recorded_calls: RecordedCalls) -> None:
    """A reply that holds half an emoji is stored and answered with U+FFFD in its place; whole ones stay."""
    text = "hat \ud83d \ud83d\ude00"
    UNSOUND[ODD_RETRIEVER] = (ScoredPassage(Passage("p", "d", text), 1.0),)
    UNSOUND[ODD_READER] = Answer(text, 1.0)
    UNSOUND[ODD_MODEL] = Completion(text, 1, 1)
    reader = LLMReader(model=kind()) if kind.role is Role.LLM else kind()
    pipeline = Pipeline((reader,)) if kind is ODD_RETRIEVER else BM25() >> reader
    for _ in range(2):  # made, then read from the ledger
        (trace,) = run(recorded_calls, [pipeline], ["Which hat?"])[pipeline]
        answered = trace.answer.text if trace.answer else trace.ranking[0].passage.text
        assert answered == "hat \ufffd 😀"


@pytest.mark.parametrize("question", ["Which \ud83d hat?", "\udcff hat"])
def test_a_question_with_half_a_character_is_answered(question: str, recorded_calls: RecordedCalls) -> None:
    """As terminals hand over what is not UTF-8, and as JSON can hold it."""
    asked = answer_question(Pipeline((BM25(),)), recorded_calls.opened_components, question)
    assert asked.question.encode().decode() == question.replace("\ud83d", "\ufffd").replace("\udcff", "\ufffd")
    assert asked.passages


def test_messages_can_be_encoded() -> None:
    """Errors and failures quote what somebody else sent."""
    assert str(ComponentError("refused: \ud83d")) == Failure("refused: \ud83d").message == "refused: \ufffd"


class OddEmbeddings(Embeddings):
    """Vectors as told: for each passage, and for each question."""

    def __init__(self, passages: list[list[Any]], question: list[Any]) -> None:
        self.passages, self.question = passages, question

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self.passages

    def embed_query(self, text: str) -> list[float]:
        return self.question


SOUND = [[1.0, 0.0], [0.0, 1.0]]
ODD_VECTORS = [
    ({"passages": [[1.0, None], [0.0, 1.0]], "question": [1.0, 0.0]}, "1 of 2 vectors hold NaN"),
    ({"passages": [[1.0, 0.0], [0.0]], "question": [1.0, 0.0]}, "all of one length"),
    ({"passages": SOUND[:1], "question": [1.0, 0.0]}, "one vector for each of 2 texts"),
    ({"passages": [["x", 1.0], [0.0, 1.0]], "question": [1.0, 0.0]}, "vectors of numbers"),
    ({"passages": SOUND, "question": [None, 1.0]}, "1 of 1 vectors hold NaN"),
    ({"passages": [[1e39, 0.0], [0.0, 1.0]], "question": [1.0, 0.0]}, "NaN or infinity"),
]


@pytest.mark.parametrize(("arguments", "message"), ODD_VECTORS)
@pytest.mark.parametrize("searching", [True, False])
def test_unsound_vectors_are_neither_indexed_nor_searched(
    searching: bool, arguments: dict[str, Any], message: str, tmp_path: Path
) -> None:
    """NaN, missing and ragged vectors of an embedder raise, in the index and in a reranker alike."""
    embedder = LangChainEmbeddings(path=f"{__name__}.OddEmbeddings", arguments=arguments)
    corpus = Corpus(whole_documents(DOCUMENTS), ArtefactStore(tmp_path))
    component = Dense(embedder=embedder) if searching else MMR(embedder=embedder)
    with pytest.raises(ComponentError, match=message):
        component.open(corpus)([Request("Which hat?", corpus.passages)])


class OddScores(PointwiseReranker):
    """Scores as a broken cross-encoder gives them."""

    name: ClassVar[str] = "odd_scores"

    def scorer(self, corpus: Corpus) -> Scorer:
        def score(pairs: Sequence[Pair]) -> list[float]:
            return [NAN if "red" in passage.text else 0.5 for _, passage in pairs]

        return score


def test_a_cross_encoder_that_scores_nan_is_not_believed(recorded_calls: RecordedCalls) -> None:
    """Not even where the passage would have been left out by `keep`."""
    pipeline = BM25() >> OddScores(keep=1)
    (trace,) = run(recorded_calls, [pipeline], ["Which hat?"])[pipeline]
    assert trace.failure is not None
    assert "odd_scores" in trace.failure.message
    corpus = recorded_calls.opened_components.corpus(pipeline)
    with pytest.raises(ComponentError, match="finite"):
        OddScores(keep=1).open(corpus)([Request("Which hat?", corpus.passages)])


@pytest.mark.parametrize(
    ("passages", "message"),
    [
        ([PASSAGE, "text"], "must return passages; 'text' is among them"),
        ([replace(PASSAGE, text=NAN)], "text must be text; given: nan"),
        ([PASSAGE, replace(PASSAGE, text="other")], "'p' is given twice"),
    ],
)
def test_what_a_chunker_cuts_is_checked(passages: list[Any], message: str, recorded_calls: RecordedCalls) -> None:
    """Before it is indexed: two passages of one id would be taken for one another in the ledger."""

    class OddChunker(Chunker):
        name: ClassVar[str] = "odd_chunker"

        def split(self, documents: Sequence[Document]) -> Any:
            return passages

    pipeline = OddChunker() >> BM25()
    (trace,) = run(recorded_calls, [pipeline], ["Which?"])[pipeline]
    assert trace.failure is not None
    assert "odd_chunker()" in trace.failure.message
    assert message in trace.failure.message


def test_sound_passages_are_indexed_as_they_are() -> None:
    """Half of a surrogate pair is replaced; nothing else changes."""
    odd = Passage("q", "d", "\ud83d")
    assert checked_passages("any", [PASSAGE, odd]) == (PASSAGE, replace(odd, text="\ufffd"))


def test_scores_and_vectors_are_counted() -> None:
    """As many scores as passages, as many vectors as texts; none for none."""
    assert checked_scores("any", [np.float32(1), 2], 2) == [1.0, 2.0]
    assert checked_vectors("any", [], 0).shape[0] == 0
    with pytest.raises(ComponentError, match="one score for each of 2; it gave 1"):
        checked_scores("any", [1.0], 2)
    with pytest.raises(ComponentError, match=r"the shape \(2,\)"):
        checked_vectors("any", [1.0, 2.0], 2)
