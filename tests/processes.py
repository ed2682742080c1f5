"""Starting programs of their own in tests."""

from __future__ import annotations

import os


def without_coverage() -> dict[str, str]:
    """The environment for a program that is interrupted: coverage takes locks between the program's instructions, an
    interrupt there leaves them taken, and coverage then waits for them forever when the program ends.
    """
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_PROCESS_")}
