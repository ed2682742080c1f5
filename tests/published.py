"""Where files lie as others published them: they are too large, or not ours, to be kept in the repository."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "TRADESPACE_PUBLISHED_DATA"


def published_data() -> Path:
    """The folder that TRADESPACE_PUBLISHED_DATA names, or else `shared/data` beside the checkout or in it.

    Tests of what is there are skipped where it is not.
    """
    root = Path(__file__).parents[1]
    places = (Path(os.environ.get(VARIABLE, "")), root.parent / "shared/data", root / "shared/data")
    return next((place for place in places if place != Path() and place.is_dir()), places[-1])
