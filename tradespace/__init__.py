"""Tradespace: find the right design for a compound AI system, and how to split its latency budget."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tradespace.components.base import Component, Pipeline
    from tradespace.components.notation import parse
    from tradespace.data.frames import dataset_from_frames
    from tradespace.errors import TradespaceError
    from tradespace.explorer.conclusions.conclusion import conclude
    from tradespace.extensions import register
    from tradespace.notebook.exploring import explore
    from tradespace.notebook.study import Study
    from tradespace.reports.page import write_report
    from tradespace.search_space.python_space import Space, between

__all__ = [
    "Component",
    "Pipeline",
    "Space",
    "Study",
    "TradespaceError",
    "between",
    "conclude",
    "dataset_from_frames",
    "explore",
    "parse",
    "register",
    "write_report",
]

_HOMES = {
    "Component": "tradespace.components.base",
    "Pipeline": "tradespace.components.base",
    "Space": "tradespace.search_space.python_space",
    "Study": "tradespace.notebook.study",
    "TradespaceError": "tradespace.errors",
    "between": "tradespace.search_space.python_space",
    "conclude": "tradespace.explorer.conclusions.conclusion",
    "dataset_from_frames": "tradespace.data.frames",
    "explore": "tradespace.notebook.exploring",
    "parse": "tradespace.components.notation",
    "register": "tradespace.extensions",
    "write_report": "tradespace.reports.page",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that `import tradespace` is instant (PEP 562)."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'tradespace' has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names, those that are not imported yet among them (PEP 562)."""
    return sorted({*globals(), *__all__})
