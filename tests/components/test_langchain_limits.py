"""What LangChain's components wait for and read is limited, in time and in bytes."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable, Iterator

import pytest

from tradespace.components import bounded_http
from tradespace.components.corpus import Corpus
from tradespace.components.embedders.langchain import PASSAGES_PER_CALL, LangChainEmbeddings
from tradespace.components.rerankers.langchain import LangChainCompressor
from tradespace.components.retrievers.langchain import LangChainRetriever
from tradespace.errors import ComponentError
from tradespace.explorer.running.component_errors import component_errors
from tradespace.testing import langchain_classes
from tradespace.testing.completion_server import CompletionServer, ServerFault, completion_server
from tradespace.testing.langchain_classes import TrigramEmbeddings, WordCompressor, WordRetriever
from tradespace.types import Request

CLASSES = langchain_classes.__name__


@pytest.fixture(scope="module")
def server() -> Iterator[CompletionServer]:
    """A server; only its faults are asked for."""
    with completion_server() as running:
        yield running


@pytest.fixture
def openai(server: CompletionServer, monkeypatch: pytest.MonkeyPatch) -> LangChainEmbeddings:
    """OpenAI's embeddings, at the server."""
    monkeypatch.setenv("OPENAI_API_KEY", "a-key-of-no-one")
    arguments = {"base_url": server.url, "max_retries": 0, "check_embedding_ctx_length": False}
    return LangChainEmbeddings(path="langchain_openai.OpenAIEmbeddings", arguments=arguments, timeout=0.5)


def test_a_reply_that_unfolds_to_too_much_is_not_read(
    server: CompletionServer, openai: LangChainEmbeddings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clients that the package makes are bounded."""
    monkeypatch.setattr(bounded_http, "LARGEST_REPLY", 100_000)
    server.faults.append(ServerFault(200, gzip.compress(bytes(1_000_000)), {"Content-Encoding": "gzip"}))
    with pytest.raises(ComponentError, match="a reply must be at most"), component_errors(openai):
        openai.load().encode(["text"])


def test_a_reply_that_trickles_in_is_given_up(server: CompletionServer, openai: LangChainEmbeddings) -> None:
    """The time limit is on the whole of it, though each byte comes in time."""
    server.faults.append(ServerFault(200, " " * 100, drip=0.05))
    with pytest.raises(TimeoutError, match=r"no answer within 0\.5 seconds"):
        openai.load().encode_questions(["question"])


BLOCKING: dict[str, tuple[type, str, Callable[[Corpus], object]]] = {
    "embed_documents": (
        TrigramEmbeddings,
        "embed_documents",
        lambda corpus: LangChainEmbeddings(path=f"{CLASSES}.TrigramEmbeddings", timeout=0.2).load().encode(["text"]),
    ),
    "retriever": (
        WordRetriever,
        "_get_relevant_documents",
        lambda corpus: LangChainRetriever(path=f"{CLASSES}.WordRetriever", timeout=0.2).open(corpus)([Request("?")]),
    ),
    "compressor": (
        WordCompressor,
        "compress_documents",
        lambda corpus: LangChainCompressor(path=f"{CLASSES}.WordCompressor", timeout=0.2).open(corpus)([Request("?")]),
    ),
}


@pytest.mark.parametrize(("blocked", "method", "call"), BLOCKING.values(), ids=BLOCKING)
def test_a_component_that_blocks_is_given_up(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch, blocked: type, method: str, call: Callable[[Corpus], object]
) -> None:
    """Whatever it waits for."""
    ended = threading.Event()
    monkeypatch.setattr(blocked, method, lambda *arguments, **more: ended.wait(60))
    with pytest.raises(TimeoutError, match=r"no answer within 0\.2 seconds"):
        call(corpus)
    ended.set()


def test_patience_is_no_part_of_a_call() -> None:
    """Vectors that were computed under another limit are found."""
    hasty, patient = (LangChainEmbeddings(path=f"{CLASSES}.TrigramEmbeddings", timeout=limit) for limit in (1.0, 9.0))
    assert hasty != patient
    assert (hasty.key, hasty.identity) == (patient.key, patient.identity)


def test_many_passages_are_embedded_in_several_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a limit on one call is none on the size of a corpus; the rows keep their order."""
    texts = [f"passage number {number}" for number in range(PASSAGES_PER_CALL + 3)]
    alone = TrigramEmbeddings(64).embed_query(texts[-1])
    vectors = (
        LangChainEmbeddings(path=f"{CLASSES}.TrigramEmbeddings", arguments={"dimensions": 64}).load().encode(texts)
    )
    assert vectors.shape == (PASSAGES_PER_CALL + 3, 64)
    assert vectors[-1] @ alone == pytest.approx(sum(value * value for value in alone) ** 0.5, rel=1e-5)
