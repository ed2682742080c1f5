"""Where programs run that a model wrote: away from everything."""

from __future__ import annotations

from tradespace.components.sandbox.sandbox import Sandbox
from tradespace.components.sandbox.values import Limits, ProgramFailed, ProgramFinished

__all__ = ["Limits", "ProgramFailed", "ProgramFinished", "Sandbox"]
