"""Small LangChain components that need no model, to be named by their dotted paths in tests and examples."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.callbacks import CallbackManagerForLLMRun, CallbackManagerForRetrieverRun, Callbacks
from langchain_core.document_loaders import BaseLoader
from langchain_core.documents import BaseDocumentCompressor, Document
from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.retrievers import BaseRetriever
from langchain_text_splitters import TextSplitter

from tradespace.components.llms.engine import LlamaEngine, Sampling
from tradespace.components.llms.tiny_reasoner import WEIGHTS


def distinct_words(text: str) -> set[str]:
    """The distinct words of four letters or more, in lower case."""
    return set(re.findall(r"\w{4,}", text.lower()))


class TrigramEmbeddings(Embeddings):
    """Counts of letter triples, hashed into so many dimensions (Weinberger et al. 2009)."""

    def __init__(self, dimensions: int = 256) -> None:
        self.dimensions = dimensions

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        padded = f"  {text.lower()}  "
        counts = np.zeros(self.dimensions)
        for start in range(len(padded) - 2):
            first, second, third = map(ord, padded[start : start + 3])
            counts[(first * 961 + second * 31 + third) % self.dimensions] += 1
        return [float(count) for count in counts]


class WordRetriever(BaseRetriever):
    """Ranks documents by how many words they share with the question."""

    documents: list[Document]
    k: int = 5

    @classmethod
    def from_documents(cls, documents: list[Document], **arguments: Any) -> WordRetriever:
        """Search these documents."""
        return cls(documents=documents, **arguments)

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        wanted = distinct_words(query)
        return sorted(self.documents, key=lambda document: -len(wanted & distinct_words(document.page_content)))[
            : self.k
        ]


class WordCompressor(BaseDocumentCompressor):
    """Keeps the documents that share most words with the question."""

    k: int = 3

    def compress_documents(
        self, documents: Sequence[Document], query: str, callbacks: Callbacks | None = None
    ) -> Sequence[Document]:
        wanted = distinct_words(query)
        return sorted(documents, key=lambda document: -len(wanted & distinct_words(document.page_content)))[: self.k]


class FixedRetriever(BaseRetriever):
    """Finds the same texts for every question, as a retriever over documents of its own would."""

    texts: list[str]

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [Document(text) for text in self.texts]


class LowerCaseSplitter(TextSplitter):
    """Cuts at full stops and rewrites what it cuts in lower case."""

    def split_text(self, text: str) -> list[str]:
        return [f"{piece.strip().lower()}." for piece in text.split(".") if piece.strip()]


class TinyChatModel(BaseChatModel):
    """A tiny reasoner as a LangChain chat model."""

    size: str = "small"

    @property
    def _llm_type(self) -> str:
        return "tiny"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        engine = LlamaEngine(WEIGHTS / f"tiny-reasoner-{self.size}")
        roles = {"system": "system", "human": "user", "ai": "assistant"}
        prompt = engine.prompt([{"role": roles[message.type], "content": str(message.content)} for message in messages])
        sampling = Sampling(
            1,
            kwargs["temperature"],
            kwargs.get("top_p", 1.0),
            kwargs["max_tokens"],
            tuple(stop or ()),
            kwargs.get("seed", 0),
        )
        ((drawn,),) = engine.generate([prompt], sampling)
        tokens = drawn.tokens_in, drawn.tokens_out
        usage = UsageMetadata(input_tokens=tokens[0], output_tokens=tokens[1], total_tokens=sum(tokens))
        metadata = {"finish_reason": drawn.finish_reason}
        reply = AIMessage(drawn.text, usage_metadata=usage, response_metadata=metadata)
        return ChatResult(generations=[ChatGeneration(message=reply)])


class LinesLoader(BaseLoader):
    """Each line of a file as a document."""

    def __init__(self, file: str, source: str) -> None:
        self.file, self.source = file, source

    def lazy_load(self) -> Iterator[Document]:
        for line in Path(self.file).read_text(encoding="utf-8").splitlines():
            yield Document(line, metadata={"source": self.source})
