"""Where calls can be made: apart from the section that says it, so that `--help` loads nothing else."""

from __future__ import annotations

from enum import StrEnum


class CallPlace(StrEnum):
    """In the process of the exploration, or on the nodes of a Ray cluster."""

    PROCESS = "process"
    RAY = "ray"
