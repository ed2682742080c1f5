"""Indexes: how the vectors nearest to a query are found."""

from __future__ import annotations

from tradespace.components.base import Component

INDEXES: tuple[type[Component], ...] = ()
