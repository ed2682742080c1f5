"""Rerankers: how a ranking is reordered and thinned out."""

from __future__ import annotations

from tradespace.components.base import Component

RERANKERS: tuple[type[Component], ...] = ()
