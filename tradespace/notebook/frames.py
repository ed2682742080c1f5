"""Plain values as a frame of pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradespace.errors import InputError
from tradespace.extras import missing
from tradespace.notebook.columns import DTYPES
from tradespace.reports.columns import ColumnTable

if TYPE_CHECKING:
    import pandas as pd


def frame_of(table: ColumnTable) -> pd.DataFrame:
    """A frame with the columns of a table, whose units are in its `attrs`. A value that is None is missing: NaN or NA.

    Raises:
        InputError: pandas is not installed.
    """
    if problem := missing(["pandas"]):
        raise InputError(f"a frame {problem}")
    import pandas as pd

    values = list(zip(*table.rows, strict=True)) or [()] * len(table.columns)
    columns = {
        column.name: pd.Series(list(each), dtype=DTYPES[column.kind])
        for column, each in zip(table.columns, values, strict=True)
    }
    frame = pd.DataFrame(columns)
    frame.attrs["units"] = {column.name: column.unit for column in table.columns if column.unit}
    return frame
