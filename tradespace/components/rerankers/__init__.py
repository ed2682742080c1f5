"""Rerankers: how a ranking is reordered and thinned out."""

from __future__ import annotations

from tradespace.components.base import Component
from tradespace.components.rerankers.maxsim import MaxSim
from tradespace.components.rerankers.none import NoReranker

RERANKERS: tuple[type[Component], ...] = (NoReranker, MaxSim)
