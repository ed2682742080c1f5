"""Language models: what a strategy calls."""

from __future__ import annotations

from tradespace.components.base import Component
from tradespace.components.llms.tiny_reasoner import TinyReasoner

LLMS: tuple[type[Component], ...] = (TinyReasoner,)
