"""Embeddings by OpenAI's interface: OpenAI itself, vLLM, llama.cpp, Ollama, text-embeddings-inference and many others.

The interface is that of https://platform.openai.com/docs/api-reference/embeddings.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence, Set
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
from pydantic import Field

from tradespace.components.base import Call, Operator
from tradespace.components.bounded_http import ENCODING, read_bounded_async
from tradespace.components.calls.embedding import VECTOR_NUMBERS
from tradespace.components.checked import OutcomeKind
from tradespace.components.corpus import Corpus
from tradespace.components.dotted_path import Arguments
from tradespace.components.embedders.base import Encoder, Vectors, unit_rows
from tradespace.components.embedders.named import NamedEmbedder
from tradespace.components.processes import Rounds
from tradespace.components.remote.background import close_with, in_background
from tradespace.components.remote.openai_server import OpenAIServer, counted_tokens, explained_losses, json_of
from tradespace.components.remote.refusals import UnavailableError, quoted
from tradespace.components.remote.requests import RemoteReply, RemoteRequests
from tradespace.components.remote.token_counts import estimated_tokens
from tradespace.errors import ComponentError, ModelUnavailableError
from tradespace.types import Embedding, Failure, Request, Timed, Unavailable

if TYPE_CHECKING:
    from httpx import AsyncClient

EXTRA_ADVICE = "What this server needs beside the texts can be named in `query_extra` and `document_extra`"


class OpenAIEmbeddings(OpenAIServer, NamedEmbedder):
    """Each question is embedded by a call of its own, which is recorded, timed and priced as those of language models
    are. Passages are embedded together, once, and kept.

    The key is read from the environment when the model is opened, and is kept nowhere.
    """

    name: ClassVar[str] = "openai_embeddings"
    unkeyed: ClassVar[frozenset[str]] = OpenAIServer.unkeyed | {"batch"}
    unknown_field_advice: ClassVar[str] = EXTRA_ADVICE

    query_extra: Arguments = Field(default={}, description="further fields of a request for questions, by name")
    document_extra: Arguments = Field(default={}, description="further fields of a request for passages, by name")
    batch: int = Field(default=64, ge=1, le=2048, description="passages in one request")

    @property
    def returns(self) -> OutcomeKind:
        return Embedding

    def open(self, corpus: Corpus) -> Operator:
        requests = self._requests()

        async def embed(request: Request) -> Timed | Failure:
            answered = await requests.answer(self._questions([request.question]))
            if isinstance(answered, Failure):
                return answered
            (row,), tokens = answered.reply
            told = tokens is not None
            embedding = Embedding(
                row.astype(VECTOR_NUMBERS).tobytes(), tokens or estimated_tokens(request.question), not told
            )
            return Timed(embedding, answered.seconds, answered.waited, self.address, answered.concurrency)

        async def every(asked: Sequence[Request]) -> list[Timed | Failure]:
            return await asyncio.gather(*map(embed, asked))

        return lambda asked: in_background(every(asked))

    def asked(self, request: Request) -> Rounds[Request]:
        (embedding,) = yield (Call(self, Request(request.question)),)
        if not isinstance(embedding, Embedding):
            raise ComponentError(f"{self!r} must return an Embedding; it returned {embedding!r:.200}")
        return Request(request.question, request.passages, embedding.vector)

    def load(self) -> Encoder:
        return OpenAIEncoder(self, self._requests())

    def _questions(self, texts: Sequence[str]) -> _Texts:
        return _Texts(_prefixed(self.prefixes().query, texts), self.query_extra)

    def passages(self, texts: Sequence[str]) -> list[_Texts]:
        """Requests for passages, `batch` in each."""
        every = _prefixed(self.prefixes().document, texts)
        batches = [every[start : start + self.batch] for start in range(0, len(every), self.batch)]
        return [_Texts(batch, self.document_extra) for batch in batches]

    def questions(self, texts: Sequence[str]) -> list[_Texts]:
        """Requests for questions, one in each."""
        return [self._questions([text]) for text in texts]

    def _requests(self) -> RemoteRequests[_Texts, _Embedded]:
        client = self.client(read_bounded_async, ENCODING)

        async def send(asked: _Texts, refused: Set[str]) -> _Embedded:
            return await self._sent(client, asked, refused)

        close_with(send, client.aclose)
        return RemoteRequests.of(self, send, _Texts.tokens, _Embedded.spent, self._questions(["Who?"]))

    async def _sent(self, client: AsyncClient, asked: _Texts, refused: Set[str]) -> _Embedded:
        shortened = {"dimensions": self.dimensions} if self.dimensions and "dimensions" not in refused else {}
        with explained_losses():
            response = await client.post(
                "/embeddings", json={"model": self.model, "input": list(asked.texts), **shortened, **asked.extra}
            )
        if not response.is_success:
            raise self.refusal(response, shortened)
        reply = json_of(response)
        return _Embedded(self._cut(_rows(reply, len(asked.texts))), counted_tokens(reply, "prompt_tokens"))

    def _cut(self, rows: Vectors) -> Vectors:
        """Vectors of the length that was asked for, of servers too that do not shorten them."""
        length = rows.shape[1]
        if self.dimensions and self.dimensions > length:
            raise ComponentError(f"dimensions must be at most the length of the model's vectors, which is {length}")
        return unit_rows(rows[:, : self.dimensions]) if self.normalize else rows[:, : self.dimensions]


class _Texts(NamedTuple):
    """One request."""

    texts: Sequence[str]
    extra: Arguments

    def tokens(self) -> int:
        """About how many tokens it takes."""
        return sum(map(estimated_tokens, self.texts))


class _Embedded(NamedTuple):
    """What one request brought: a row for each text, and the tokens read, where the server counts them."""

    rows: Vectors
    tokens: int | None

    def spent(self) -> int:
        """The tokens read; none where that is not told."""
        return self.tokens or 0


class OpenAIEncoder:
    """A model behind a server, asked at once."""

    def __init__(self, embedder: OpenAIEmbeddings, requests: RemoteRequests[_Texts, _Embedded]) -> None:
        self._embedder, self._requests = embedder, requests

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one row for each passage.

        Raises:
            ComponentError: a request failed.
            ModelUnavailableError: the server is down.
        """
        return self._all(self._embedder.passages, texts)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Return one row for each question, from a request of its own.

        Raises:
            ComponentError: a request failed.
            ModelUnavailableError: the server is down.
        """
        return self._all(self._embedder.questions, texts)

    def _all(self, requests: Callable[[Sequence[str]], Sequence[_Texts]], texts: Sequence[str]) -> Vectors:
        async def every() -> list[RemoteReply[_Embedded] | Failure]:
            return await asyncio.gather(*map(self._requests.answer, requests(texts)))

        rows = [_succeeded(answered).rows for answered in in_background(every())]
        return np.concatenate(rows) if rows else np.empty((0, 0), np.float32)


def _succeeded(answered: RemoteReply[_Embedded] | Failure) -> _Embedded:
    if isinstance(answered, Unavailable):
        raise ModelUnavailableError(answered.message)
    if isinstance(answered, Failure):
        raise ComponentError(answered.message)
    return answered.reply


def _prefixed(prefix: str, texts: Sequence[str]) -> list[str]:
    """Texts behind their prefix; servers refuse to embed nothing."""
    return [f"{prefix}{text}" or " " for text in texts]


def _rows(reply: Any, count: int) -> Vectors:
    """The vectors in a reply, in the order of the texts.

    Raises:
        UnavailableError: the reply does not have the form of one.
    """
    try:
        ordered = sorted(reply["data"], key=lambda each: each["index"])
        rows = np.array([each["embedding"] for each in ordered], np.float32)
        if rows.ndim != 2 or len(rows) != count:
            raise ValueError(f"{count} texts were sent")
    except (KeyError, TypeError, ValueError) as error:
        raise UnavailableError(
            f"a reply must have data with an embedding for each text ({error!r}); given: {quoted(json.dumps(reply))}"
        ) from None
    return rows
