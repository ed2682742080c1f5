"""LangChain components that quote their key in whatever they raise, log and warn of, as HTTP libraries do."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Sequence
from typing import Any, NoReturn

from langchain_core.callbacks import CallbackManagerForLLMRun, CallbackManagerForRetrieverRun, Callbacks
from langchain_core.documents import BaseDocumentCompressor, Document
from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatResult
from langchain_core.retrievers import BaseRetriever
from pydantic import Field, SecretStr

SECRET_VARIABLE = "TRADESPACE_TEST_VAULT"
"""A name that tells nobody that its value is a secret: what is known as one is what the classes keep."""


def held() -> SecretStr:
    """The key, as a class of LangChain's keeps it."""
    return SecretStr(os.environ[SECRET_VARIABLE])


def blurt(key: SecretStr) -> NoReturn:
    """Log the key, warn of it and raise it."""
    header = f"Bearer {key.get_secret_value()}".encode()
    logging.getLogger("indiscreet").error("sending %r", header)
    warnings.warn(f"unusual header {header!r}", stacklevel=2)
    raise RuntimeError(f"Illegal header value {header!r}")


class IndiscreetChatModel(BaseChatModel):
    """Completes nothing."""

    key: SecretStr = Field(default_factory=held)

    @property
    def _llm_type(self) -> str:
        return "indiscreet"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        blurt(self.key)


class IndiscreetEmbeddings(Embeddings):
    """Embeds nothing; keeps its key as plain text."""

    def __init__(self) -> None:
        self.api_key = os.environ[SECRET_VARIABLE]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        blurt(SecretStr(self.api_key))

    def embed_query(self, text: str) -> list[float]:
        blurt(SecretStr(self.api_key))


class IndiscreetCompressor(BaseDocumentCompressor):
    """Keeps nothing."""

    key: SecretStr = Field(default_factory=held)

    def compress_documents(
        self, documents: Sequence[Document], query: str, callbacks: Callbacks | None = None
    ) -> Sequence[Document]:
        blurt(self.key)


class IndiscreetRetriever(BaseRetriever):
    """Finds nothing."""

    key: SecretStr = Field(default_factory=held)

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        blurt(self.key)
