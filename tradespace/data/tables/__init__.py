"""Tables that were measured elsewhere: read, their columns found, and made into a grid of figures."""

from tradespace.data.tables.grid import RecordedGrid, recorded_grid
from tradespace.data.tables.reading import read_table
from tradespace.data.tables.resolving import ResolvedColumns, resolved_columns
from tradespace.data.tables.table_columns import TableColumns
from tradespace.data.tables.text_table import TextTable

__all__ = [
    "RecordedGrid",
    "ResolvedColumns",
    "TableColumns",
    "TextTable",
    "read_table",
    "recorded_grid",
    "resolved_columns",
]
