"""Chunkers: how documents are cut into the passages that are indexed."""

from __future__ import annotations

from tradespace.components.base import Component
from tradespace.components.chunkers.characters import Characters
from tradespace.components.chunkers.documents import Documents
from tradespace.components.chunkers.langchain import LangChainSplitter
from tradespace.components.chunkers.sections import Sections
from tradespace.components.chunkers.sentences import Sentences
from tradespace.components.chunkers.tokens import Tokens

CHUNKERS: tuple[type[Component], ...] = (Documents, Sentences, Sections, Characters, Tokens, LangChainSplitter)
