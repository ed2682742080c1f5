"""Tradespace's own strategy, `frontier` (docs/search.md)."""

from __future__ import annotations

from tradespace.explorer.search.frontier.algorithm import Frontier

__all__ = ["Frontier"]
