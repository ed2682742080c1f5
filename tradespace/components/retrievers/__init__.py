"""Retrievers: how passages are found for a question."""

from __future__ import annotations

from tradespace.components.base import Component
from tradespace.components.retrievers.bm25 import BM25
from tradespace.components.retrievers.decomposition import Decomposition
from tradespace.components.retrievers.dense import Dense
from tradespace.components.retrievers.hybrid import Hybrid
from tradespace.components.retrievers.hyde import HyDE
from tradespace.components.retrievers.if_needed import IfNeeded
from tradespace.components.retrievers.ircot import IRCoT
from tradespace.components.retrievers.langchain import LangChainRetriever
from tradespace.components.retrievers.langchain_vector_store import LangChainVectorStore
from tradespace.components.retrievers.multi_query import MultiQuery
from tradespace.components.retrievers.step_back import StepBack

RETRIEVERS: tuple[type[Component], ...] = (
    BM25,
    Dense,
    Hybrid,
    LangChainRetriever,
    LangChainVectorStore,
    MultiQuery,
    HyDE,
    StepBack,
    Decomposition,
    IRCoT,
    IfNeeded,
)
