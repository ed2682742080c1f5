"""How often a test of endurance repeats itself: a little in every run, for hours in `make soak`."""

from __future__ import annotations

import os

VARIABLE = "TRADESPACE_SOAK"


def repetitions(everyday: int, soak: int) -> int:
    """`everyday`, or `soak` where the environment variable TRADESPACE_SOAK is set."""
    return soak if os.environ.get(VARIABLE) else everyday
