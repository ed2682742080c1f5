"""Strategies: how a language model is called to make one answer."""

from __future__ import annotations

from tradespace.components.base import Component
from tradespace.components.strategies.cot import ChainOfThought
from tradespace.components.strategies.direct import Direct

STRATEGIES: tuple[type[Component], ...] = (Direct, ChainOfThought)
