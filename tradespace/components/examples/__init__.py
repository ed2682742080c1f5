"""Examples: solved questions that a prompt shows before the one that is asked."""

from __future__ import annotations

from tradespace.components.base import Component
from tradespace.components.examples.bootstrap import Bootstrap
from tradespace.components.examples.given import GivenExamples

EXAMPLES: tuple[type[Component], ...] = (GivenExamples, Bootstrap)
