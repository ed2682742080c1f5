"""Embedders: how texts become vectors."""

from __future__ import annotations

from tradespace.components.base import Component
from tradespace.components.embedders.langchain import LangChainEmbeddings
from tradespace.components.embedders.minilm import Minilm

EMBEDDERS: tuple[type[Component], ...] = (Minilm, LangChainEmbeddings)
