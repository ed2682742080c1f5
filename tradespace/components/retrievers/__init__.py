"""Retrievers: how passages are found for a question."""

from __future__ import annotations

from tradespace.components.base import Component

RETRIEVERS: tuple[type[Component], ...] = ()
