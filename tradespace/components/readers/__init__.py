"""Readers: how passages become an answer."""

from __future__ import annotations

from tradespace.components.base import Component
from tradespace.components.readers.llm import LLMReader
from tradespace.components.readers.reader import TrainedReader
from tradespace.components.readers.sentence import SentenceReader

READERS: tuple[type[Component], ...] = (SentenceReader, TrainedReader, LLMReader)
