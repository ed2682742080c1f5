"""How long texts are."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long texts are, in words between spaces: quantiles over the texts. Zero where there are no texts."""

    least: int
    p25: int
    median: int
    p75: int
    p95: int
    most: int


def lengths(texts: Iterable[str]) -> Lengths:
    """The lengths of texts."""
    ordered = sorted(len(text.split()) for text in texts) or [0]
    return Lengths(*(ordered[max(math.ceil(share * len(ordered)), 1) - 1] for share in (0, 0.25, 0.5, 0.75, 0.95, 1)))
