"""Datasets that come with the package, each in a folder with its licence. A new one joins through the list here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from tradespace.data.bundled.microworld import SIZES, microworld
from tradespace.data.bundled.replays import SETS, replayed
from tradespace.data.bundled.wikipedia import WIKIPEDIA_PARTS, wikipedia
from tradespace.data.dataset import Dataset

BUNDLED: Mapping[str, Callable[[], Dataset]] = {
    "wikipedia": wikipedia,
    **{f"wikipedia/{part}": partial(wikipedia, part) for part in WIKIPEDIA_PARTS},
    "microworld": microworld,
    **{f"microworld/{size}": partial(microworld, size) for size in SIZES},
    **{name: partial(replayed, name) for name in SETS},
}

__all__ = ["BUNDLED", "microworld", "replayed", "wikipedia"]
