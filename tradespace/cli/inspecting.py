"""`tradespace data inspect`."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tradespace.data.inspect import Inspection, inspect


def print_inspection(path: str) -> None:
    """Say what was read from a path or a bundled dataset."""
    console = Console()
    inspection = inspect(path)
    console.print(inspection)
