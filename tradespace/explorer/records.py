"""Evaluations in a study's database: one row for each pipeline and split, read back as they were."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Engine, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint, select
from sqlalchemy.dialects.sqlite import insert

from tradespace.explorer.database import open_database, transaction
from tradespace.explorer.results import Evaluation, Split

TABLES = MetaData()
EVALUATIONS = Table(
    "evaluations",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("context", Text, nullable=False),
    Column("split", Text, nullable=False),
    Column("pipeline", Text, nullable=False),
    Column("value", LargeBinary, nullable=False),
    UniqueConstraint("context", "split", "pipeline"),
)
IDENTITY = ("context", "split", "pipeline")


@dataclass
class Records:
    """Evaluations by context: the content address of the questions, the space and the host that they belong to.

    Raises:
        LedgerError: the file cannot be read or written; the message says what to do.
    """

    path: Path
    _engine: Engine = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._engine = open_database(self.path, TABLES)

    def read(self, context: str, split: Split) -> dict[str, Evaluation]:
        """All evaluations of a split by pipeline, in the order they were stored."""
        where = (EVALUATIONS.c.context == context, EVALUATIONS.c.split == split)
        query = select(EVALUATIONS.c.pipeline, EVALUATIONS.c.value).where(*where).order_by(EVALUATIONS.c.id)
        with transaction(self._engine, self.path) as connection:
            return {pipeline: decode(value) for pipeline, value in connection.execute(query)}

    def write(self, context: str, evaluations: Sequence[Evaluation]) -> None:
        """Store evaluations in one transaction; an earlier one of the same pipeline and split is replaced."""
        rows = [
            {"context": context, "split": one.split, "pipeline": one.pipeline, "value": encode(one)}
            for one in evaluations
        ]
        if rows:
            statement = insert(EVALUATIONS)
            with transaction(self._engine, self.path) as connection:
                connection.execute(
                    statement.on_conflict_do_update(index_elements=IDENTITY, set_={"value": statement.excluded.value}),
                    rows,
                )


def encode(evaluation: Evaluation) -> bytes:
    """An evaluation as compressed JSON. A missing value is null; NaN and infinity are refused.

    Raises:
        ValueError: a score or a time is NaN or infinite, which JSON cannot hold.
    """
    return zlib.compress(json.dumps(asdict(evaluation), allow_nan=False).encode())


def decode(value: bytes) -> Evaluation:
    """Read back what `encode` wrote."""
    plain: dict[str, Any] = json.loads(zlib.decompress(value))
    return Evaluation(
        pipeline=plain["pipeline"],
        yaml=plain["yaml"],
        split=Split(plain["split"]),
        stages=plain["stages"],
        scores={name: tuple(values) for name, values in plain["scores"].items()},
        failures={int(position): message for position, message in plain["failures"].items()},
        usd=tuple(plain["usd"]),
        seconds={stage: tuple(values) for stage, values in plain["seconds"].items()},
        end_to_end=tuple(plain["end_to_end"]),
    )
