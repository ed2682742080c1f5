"""Chunkers: how documents are cut into the passages that are indexed."""

from __future__ import annotations

from tradespace.components.base import Component

CHUNKERS: tuple[type[Component], ...] = ()
