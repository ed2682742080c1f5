"""What a reader should know of a table before believing figures from it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tradespace.data.tables.resolving import ResolvedColumns
from tradespace.data.tables.text_table import setting_values
from tradespace.plurals import count


def single_values(resolved: ResolvedColumns) -> Iterator[str]:
    """That settings have one value in all rows."""
    for name in resolved.columns.settings:
        values = list(dict.fromkeys(setting_values(resolved.table.columns[name])))
        if len(values) == 1:
            yield (
                f"{resolved.table.places[0]}: column {name!r}: the setting is {values[0]!r} in all rows, so that it "
                "tells no pipelines apart"
            )


def missing_values(name: str, values: NDArray[np.float64], consequence: str) -> Iterator[str]:
    """How many cells of a column are missing, and what that means.

    Args:
        name: of the column.
        values: of shape (pipelines, questions).
        consequence: what is done about a missing cell.
    """
    missing = np.isnan(values)
    if missing.any():
        yield (
            f"column {name!r} is missing for {missing.sum():,} of {missing.size:,} pairs of pipeline and question, in "
            f"{missing.any(axis=1).sum():,} of {count(len(missing), 'pipeline')}; {consequence}"
        )
