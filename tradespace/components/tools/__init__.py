"""Tools: what an agent may use while it answers."""

from __future__ import annotations

from tradespace.components.base import Component
from tradespace.components.tools.calculator import Calculator
from tradespace.components.tools.look_up import LookUp
from tradespace.components.tools.python import Python
from tradespace.components.tools.search import SearchTool

TOOLS: tuple[type[Component], ...] = (SearchTool, LookUp, Calculator, Python)
