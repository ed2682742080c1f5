"""Readers: how passages become an answer."""

from __future__ import annotations

from tradespace.components.base import Component
from tradespace.components.readers.sentence import SentenceReader

READERS: tuple[type[Component], ...] = (SentenceReader,)
