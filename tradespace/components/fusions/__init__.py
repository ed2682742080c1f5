"""Fusions: how the rankings of several retrievers become one."""

from __future__ import annotations

from tradespace.components.base import Component
from tradespace.components.fusions.rrf import RRF
from tradespace.components.fusions.weighted import Weighted

FUSIONS: tuple[type[Component], ...] = (RRF, Weighted)
