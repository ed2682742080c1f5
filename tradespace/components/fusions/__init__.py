"""Fusions: how the rankings of several retrievers become one."""

from __future__ import annotations

from tradespace.components.base import Component

FUSIONS: tuple[type[Component], ...] = ()
