"""What `tradespace split` can write: apart, so that `--help` loads nothing else."""

from __future__ import annotations

from enum import StrEnum


class SplitFormat(StrEnum):
    """How the answer is written."""

    TABLE = "table"
    JSON = "json"
    HTML = "html"
