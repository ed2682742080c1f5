"""Indexes: how the vectors nearest to a query are found."""

from __future__ import annotations

from tradespace.components.base import Component
from tradespace.components.indexes.flat import Flat

INDEXES: tuple[type[Component], ...] = (Flat,)
