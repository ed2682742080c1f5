"""Any LangChain `BaseRetriever`, by its dotted path."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from tradespace.components.base import Operator, Retriever
from tradespace.components.corpus import Corpus
from tradespace.components.dotted_path import Arguments, DottedPath, Timeout, import_class, with_arguments
from tradespace.components.langchain_documents import KnownPassages, as_documents
from tradespace.components.retrievers.base import searchable
from tradespace.components.threads import within
from tradespace.types import Ranking, Request

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever


class LangChainRetriever(Retriever):
    """Built over the passages where the class has `from_documents` or `from_texts`; else from its arguments.

    What it returns is traced back to documents by content, then by metadata such as `source`. Passages that match none
    are counted and reported, since no gold document can be found in them.
    """

    name: ClassVar[str] = "langchain_retriever"
    in_words: ClassVar[str] = "a LangChain retriever finds passages"
    version: ClassVar[int] = 2
    unkeyed: ClassVar[frozenset[str]] = frozenset({"timeout"})

    path: DottedPath
    arguments: Arguments = Field(default={})
    timeout: Timeout = 600.0

    @property
    def optional_packages(self) -> tuple[str, ...]:
        return ("langchain_core",)

    def open(self, corpus: Corpus) -> Operator:
        retriever = self._made(searchable(corpus))
        known = KnownPassages(corpus.passages)

        def retrieve(request: Request) -> Ranking:
            return known.ranking(within(self.timeout, lambda: retriever.invoke(request.question)))

        def operate(requests: Sequence[Request]) -> Any:
            return [retrieve(request) for request in requests]

        return operate

    def _made(self, corpus: Corpus) -> BaseRetriever:
        self.require_packages()
        from langchain_core.retrievers import BaseRetriever

        retriever: Any = import_class(self.path, BaseRetriever)
        if hasattr(retriever, "from_documents"):
            documents = as_documents(corpus.passages[place] for place in corpus.text_order)
            made = with_arguments(retriever.from_documents, self.path, self.arguments, documents)
        elif hasattr(retriever, "from_texts"):
            made = with_arguments(
                retriever.from_texts, self.path, self.arguments, [corpus.texts[place] for place in corpus.text_order]
            )
        else:
            made = with_arguments(retriever, self.path, self.arguments)
        return made  # type: ignore[no-any-return]
