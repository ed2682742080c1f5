"""Vector stores of LangChain: what is put in, what is found again, and how one that is full is opened."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from langchain_core.vectorstores import InMemoryVectorStore
from pydantic import JsonValue
from qdrant_client import QdrantClient

from tradespace.components.base import ranking_of
from tradespace.components.corpus import Corpus
from tradespace.components.embedders.minilm import Minilm
from tradespace.components.langchain_vectors import KeptEmbeddings
from tradespace.components.retrievers.dense import Dense
from tradespace.components.retrievers.langchain_vector_store import LangChainVectorStore
from tradespace.components.trust import Trust, demand
from tradespace.errors import ComponentError, InputError
from tradespace.testing.paragraphs import questions
from tradespace.testing.running import run_one
from tradespace.types import Ranking, Request

IN_MEMORY = "langchain_core.vectorstores.InMemoryVectorStore"
QDRANT = "langchain_qdrant.QdrantVectorStore"


def found(store: LangChainVectorStore | Dense, corpus: Corpus, question: str) -> Ranking:
    return ranking_of(run_one(store, corpus, Request(question)))


@pytest.mark.parametrize(
    ("path", "arguments"), [(IN_MEMORY, {}), (QDRANT, {"location": ":memory:", "collection_name": "all"})]
)
def test_a_store_finds_what_exact_search_finds(path: str, arguments: Mapping[str, JsonValue], corpus: Corpus) -> None:
    """Both compare every vector: the same passages in the same order."""
    store = LangChainVectorStore(path=path, arguments=dict(arguments), top_k=5)
    for question in questions()[:5]:
        expected = found(Dense(top_k=5), corpus, question.text)
        assert [each.passage for each in found(store, corpus, question.text)] == [each.passage for each in expected]


def test_a_store_that_is_full_is_searched_as_it_is(tmp_path: Path, corpus: Corpus) -> None:
    """Nothing is put in, and passages are told by what was put in before."""
    arguments = {"path": str(tmp_path / "qdrant"), "collection_name": "wiki"}
    question = questions()[0].text
    filled = LangChainVectorStore(path=QDRANT, arguments=arguments, top_k=3)
    expected = found(filled, corpus, question)
    assert found(filled.with_settings(fill=False), corpus, question) == expected


def test_passages_that_are_put_in_twice_are_there_once(tmp_path: Path, corpus: Corpus) -> None:
    """As where an exploration is continued with a store that outlived it."""
    store = LangChainVectorStore(path=QDRANT, arguments={"path": str(tmp_path), "collection_name": "wiki"})
    for _ in range(2):
        store.open(corpus)
    client = QdrantClient(path=str(tmp_path))
    assert client.count("wiki").count == len(corpus.passages)
    client.close()


def test_each_corpus_can_have_a_collection_of_its_own(tmp_path: Path, corpus: Corpus) -> None:
    """What was cut otherwise is not found among the passages of another chunking."""
    store = LangChainVectorStore(path=QDRANT, arguments={"path": str(tmp_path), "collection_name": "wiki-{corpus}"})
    half = Corpus(corpus.passages[:24], corpus.store)
    for some in (corpus, half):
        store.open(some)
    client = QdrantClient(path=str(tmp_path))
    counts = [client.count(each.name).count for each in client.get_collections().collections]
    client.close()
    assert sorted(counts) == [24, len(corpus.passages)]


def test_a_store_that_has_no_way_of_its_own_to_be_opened_is_made(corpus: Corpus) -> None:
    """With the embedder under the name that the class has for it; the store of this machine's memory is empty then."""
    empty = LangChainVectorStore(path=IN_MEMORY, fill=False)
    assert found(empty, corpus, "Who?") == ()


def test_vectors_that_are_kept_are_put_in(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passages are not encoded again for a store."""
    vectors = Minilm().embed(corpus)
    stores: list[InMemoryVectorStore] = []
    original = InMemoryVectorStore.from_documents.__func__  # type: ignore[attr-defined]

    def noted(cls: type, *given: object, **more: object) -> object:
        assert isinstance(given[1], KeptEmbeddings)
        stores.append(original(cls, *given, **more))
        return stores[-1]

    monkeypatch.setattr(InMemoryVectorStore, "from_documents", classmethod(noted))
    monkeypatch.setattr(type(Minilm().load()), "encode", lambda encoder, texts: np.empty((len(texts), 0)))
    LangChainVectorStore(path=IN_MEMORY).open(corpus)
    put_in = {entry["text"]: entry["vector"] for entry in stores[0].store.values()}
    np.testing.assert_allclose([put_in[text] for text in corpus.texts], vectors, atol=1e-6)


def test_a_class_that_is_no_store_is_refused(corpus: Corpus) -> None:
    """The error says what it must be."""
    store = LangChainVectorStore(path="tradespace.testing.langchain_classes.WordRetriever")
    with pytest.raises(ComponentError, match=r"must be a subclass of langchain_core.*VectorStore"):
        store.open(corpus)


def test_a_store_that_cannot_be_reached_says_so(corpus: Corpus) -> None:
    """With what its own package says."""
    store = LangChainVectorStore(path=QDRANT, arguments={"url": "http://127.0.0.1:9", "collection_name": "wiki"})
    with pytest.raises(ComponentError, match=r"could not be made with arguments .*refused"):
        store.open(corpus)


def test_a_store_must_be_trusted() -> None:
    """It is imported, so no file can allow it."""
    with pytest.raises(InputError, match="--allow-imports"):
        demand([LangChainVectorStore(path=IN_MEMORY)], set())
    demand([LangChainVectorStore(path=IN_MEMORY)], {Trust.IMPORTS})
