"""Where programs run that a model wrote: away from everything."""

from __future__ import annotations

from tradespace.components.sandbox.sandbox import Sandbox
from tradespace.components.sandbox.values import Failed, Finished, Limits, Program

__all__ = ["Failed", "Finished", "Limits", "Program", "Sandbox"]
