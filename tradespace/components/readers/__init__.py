"""Readers: how passages become an answer."""

from __future__ import annotations

from tradespace.components.base import Component
from tradespace.components.readers.agent import Agent
from tradespace.components.readers.agreement import Agreement
from tradespace.components.readers.cascade import Cascade
from tradespace.components.readers.llm import LLMReader
from tradespace.components.readers.map_reduce import MapReduce
from tradespace.components.readers.map_rerank import MapRerank
from tradespace.components.readers.reader import TrainedReader
from tradespace.components.readers.recorded import RecordedReader
from tradespace.components.readers.refine import Refine
from tradespace.components.readers.router import Router
from tradespace.components.readers.selective import SelectiveReader
from tradespace.components.readers.sentence import SentenceReader

READERS: tuple[type[Component], ...] = (
    SentenceReader,
    TrainedReader,
    LLMReader,
    MapRerank,
    MapReduce,
    Refine,
    Agent,
    Cascade,
    Agreement,
    Router,
    SelectiveReader,
    RecordedReader,
)
