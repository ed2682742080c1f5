"""Any LangChain `BaseDocumentCompressor`, by its dotted path."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from pydantic import Field

from tradespace.components.base import Operator, Reranker
from tradespace.components.corpus import Corpus
from tradespace.components.dotted_path import Arguments, DottedPath, Timeout, construct
from tradespace.components.langchain_documents import KnownPassages, as_documents
from tradespace.components.threads import within
from tradespace.types import Outcome, Request


class LangChainCompressor(Reranker):
    """Passages that it rewrites, as extractors do, become passages of their own within the same document."""

    name: ClassVar[str] = "langchain_compressor"
    in_words: ClassVar[str] = "a LangChain compressor thins them out"
    version: ClassVar[int] = 2
    unkeyed: ClassVar[frozenset[str]] = frozenset({"timeout"})

    path: DottedPath
    arguments: Arguments = Field(default={})
    timeout: Timeout = 600.0

    @property
    def optional_packages(self) -> tuple[str, ...]:
        return ("langchain_core",)

    def open(self, corpus: Corpus) -> Operator:
        self.require_packages()
        from langchain_core.documents import BaseDocumentCompressor

        compressor: Any = construct(self.path, self.arguments, BaseDocumentCompressor)

        def compress(request: Request) -> Outcome:
            candidates = as_documents(request.passages)
            documents = within(self.timeout, lambda: compressor.compress_documents(candidates, request.question))
            return KnownPassages(request.passages).ranking(documents)

        def operate(requests: Sequence[Request]) -> list[Outcome]:
            return [compress(request) for request in requests]

        return operate
