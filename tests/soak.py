"""How often a test of endurance repeats itself: a little in every run, for hours in `make soak`."""

from __future__ import annotations

import os
from typing import TypeVar

VARIABLE = "TRADESPACE_SOAK"


Chosen = TypeVar("Chosen")


def repetitions(everyday: Chosen, soak: Chosen) -> Chosen:
    """`everyday`, or `soak` where the environment variable TRADESPACE_SOAK is set."""
    return soak if os.environ.get(VARIABLE) else everyday
