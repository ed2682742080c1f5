"""Readers: how passages become an answer."""

from __future__ import annotations

from tradespace.components.base import Component

READERS: tuple[type[Component], ...] = ()
