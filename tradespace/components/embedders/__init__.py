"""Embedders: how texts become vectors."""

from __future__ import annotations

from tradespace.components.base import Component

EMBEDDERS: tuple[type[Component], ...] = ()
