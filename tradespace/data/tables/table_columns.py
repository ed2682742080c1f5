"""What a user says of a table's columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class TableColumns:
    """What a user says of a table's columns; what is empty is guessed.

    Attributes:
        settings: the columns that tell pipelines apart.
        question: the column that says which question a row is about.
        scores: the columns of scores.
        latency: the column of seconds, or of milliseconds where its name ends in `ms`.
        cost: the column of dollars.
        pipelines: in a table with one row for each question, the columns that hold each pipeline's score.
    """

    settings: tuple[str, ...] = ()
    question: str | None = None
    scores: tuple[str, ...] = ()
    latency: str | None = None
    cost: str | None = None
    pipelines: tuple[str, ...] = ()

    def named(self) -> Iterator[tuple[str, str]]:
        """Every column that is named, with what it is said to be."""
        for role in ("settings", "scores", "pipelines"):
            yield from ((role, name) for name in getattr(self, role))
        for role in ("question", "latency", "cost"):
            if name := getattr(self, role):
                yield role, name
