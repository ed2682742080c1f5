"""Indexes: how the vectors nearest to a query are found."""

from __future__ import annotations

from tradespace.components.base import Component
from tradespace.components.indexes.flat import Flat
from tradespace.components.indexes.hnsw import HNSW
from tradespace.components.indexes.ivf import IVF
from tradespace.components.indexes.ivfpq import IVFPQ

INDEXES: tuple[type[Component], ...] = (Flat, HNSW, IVF, IVFPQ)
