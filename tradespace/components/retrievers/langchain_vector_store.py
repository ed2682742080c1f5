"""Any LangChain `VectorStore`, by its dotted path: pgvector, Qdrant, Chroma and others, where they run."""

from __future__ import annotations

from inspect import signature
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import NAMESPACE_OID, uuid5

from pydantic import Field

from tradespace.components.base import Call, Operator, Process, Retriever
from tradespace.components.corpus import Corpus
from tradespace.components.dotted_path import Arguments, DottedPath, Timeout, import_class, with_arguments
from tradespace.components.embedders.base import Embedder, PassageVectors
from tradespace.components.embedders.minilm import Minilm
from tradespace.components.langchain_documents import KnownPassages, as_documents
from tradespace.components.retrievers.base import TopK, searchable
from tradespace.components.threads import within
from tradespace.types import Ranking, Request

if TYPE_CHECKING:
    from langchain_core.documents import Document
    from langchain_core.embeddings import Embeddings
    from langchain_core.vectorstores import VectorStore

_EMBEDDING = ("embedding", "embeddings", "embedding_function")
"""What stores call the argument that makes vectors, where they are not filled."""
_EXISTING = ("from_existing_collection", "from_existing_index")
"""What stores call the way to open what was filled before, where that is another than to make one."""
CORPUS_MARK = "{corpus}"
"""What stands for the corpus in an argument."""


class LangChainVectorStore(Retriever):
    """Passages are put into the store when it is opened, each under an id of its own, so that none is there twice.

    A store that outlives the run holds what was put in before, too: where passages are cut in several ways, `{corpus}`
    in an argument, as in `collection_name: "wiki-{corpus}"`, gives each way a collection of its own.
    """

    name: ClassVar[str] = "langchain_vector_store"
    in_words: ClassVar[str] = "a LangChain vector store finds {top_k} passages"
    unkeyed: ClassVar[frozenset[str]] = frozenset({"timeout"})

    path: DottedPath
    arguments: Arguments = Field(default={})
    embedder: Embedder = Field(default=Minilm(), description="what turns questions and passages into vectors")
    fill: bool = Field(default=True, description="whether passages are put in; if not, the store has them already")
    top_k: TopK = 10
    timeout: Timeout = 600.0

    @property
    def optional_packages(self) -> tuple[str, ...]:
        return ("langchain_core",)

    def open(self, corpus: Corpus) -> Operator:
        self.require_packages()
        from tradespace.components.langchain_vectors import KeptEmbeddings

        embeddings = KeptEmbeddings(PassageVectors.of(self.embedder, searchable(corpus)))
        store = self._made(corpus, embeddings)
        known = KnownPassages(corpus.passages)

        def retrieve(request: Request) -> Ranking:
            embeddings.take(request)
            return known.ranking(within(self.timeout, lambda: store.similarity_search(request.question, k=self.top_k)))

        return lambda requests: [retrieve(request) for request in requests]

    def process(self, request: Request) -> Process:
        asked = yield from self.embedder.asked(Request(request.question))
        (outcome,) = yield (Call(self, asked),)
        return outcome

    def _made(self, corpus: Corpus, embeddings: Embeddings) -> VectorStore:
        from langchain_core.vectorstores import VectorStore

        store: Any = import_class(self.path, VectorStore)
        arguments = {name: _of_corpus(value, corpus) for name, value in self.arguments.items()}
        if self.fill:
            return with_arguments(store.from_documents, self.path, arguments, _identified(corpus), embeddings)  # type: ignore[no-any-return]
        made = next((getattr(store, name) for name in _EXISTING if hasattr(store, name)), store)
        wanted = next((name for name in _EMBEDDING if name in signature(made).parameters), _EMBEDDING[0])
        return with_arguments(made, self.path, arguments | {wanted: embeddings})  # type: ignore[no-any-return]


def _of_corpus(value: Any, corpus: Corpus) -> Any:
    """An argument with what tells corpora apart in the place of its mark."""
    return value.replace(CORPUS_MARK, corpus.key[:12]) if isinstance(value, str) else value


def _identified(corpus: Corpus) -> list[Document]:
    """Documents of all passages, each with a UUID made of what it is: Qdrant takes no other ids."""
    documents = as_documents(corpus.passages[place] for place in corpus.text_order)
    for document in documents:
        document.id = str(uuid5(NAMESPACE_OID, f"{document.id}\n{document.page_content}"))
    return documents
