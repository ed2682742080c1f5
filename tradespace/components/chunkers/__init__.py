"""Chunkers: how documents are cut into the passages that are indexed."""

from __future__ import annotations

from tradespace.components.base import Component
from tradespace.components.chunkers.documents import Documents

CHUNKERS: tuple[type[Component], ...] = (Documents,)
