"""Where programs run that a model wrote: away from everything."""

from __future__ import annotations

from tradespace.components.sandbox.sandbox import Sandbox
from tradespace.components.sandbox.values import Limits, Program, ProgramFailed, ProgramFinished

__all__ = ["Limits", "Program", "ProgramFailed", "ProgramFinished", "Sandbox"]
