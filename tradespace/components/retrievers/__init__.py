"""Retrievers: how passages are found for a question."""

from __future__ import annotations

from tradespace.components.base import Component
from tradespace.components.retrievers.bm25 import BM25
from tradespace.components.retrievers.dense import Dense
from tradespace.components.retrievers.hybrid import Hybrid
from tradespace.components.retrievers.langchain import LangChainRetriever

RETRIEVERS: tuple[type[Component], ...] = (BM25, Dense, Hybrid, LangChainRetriever)
