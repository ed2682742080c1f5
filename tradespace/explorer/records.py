"""Evaluations in a study's database: one row for each pipeline, split and host, read back as they were."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint, select
from sqlalchemy.dialects.sqlite import insert

from tradespace.explorer.database import Database
from tradespace.explorer.results import Conditions, Evaluation, Split, Usage

TABLES = MetaData()
EVALUATIONS = Table(
    "evaluations",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("context", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("split", Text, nullable=False),
    Column("pipeline", Text, nullable=False),
    Column("value", LargeBinary, nullable=False),
    UniqueConstraint("context", "host", "split", "pipeline"),
)
IDENTITY = ("context", "host", "split", "pipeline")


@dataclass
class Records(Database):
    """Evaluations by context, the content address of the questions and the space that they belong to, and by the host
    whose timings they hold: those of different hosts never mix.

    Raises:
        LedgerError: the file cannot be read or written; the message says what to do.
    """

    tables: ClassVar[MetaData] = TABLES
    rescue: ClassVar[str] = (
        "Move it away and explore again: evaluations are computed anew from the ledger, and no call is made twice"
    )

    def read(self, context: str, host: str, split: Split) -> dict[str, Evaluation]:
        """All evaluations of a split on a host by pipeline, in the order they were stored."""
        table = EVALUATIONS.c
        where = (table.context == context, table.host == host, table.split == split)
        query = select(EVALUATIONS.c.pipeline, EVALUATIONS.c.value).where(*where).order_by(EVALUATIONS.c.id)
        with self.transaction() as connection:
            return {pipeline: decode(value) for pipeline, value in connection.execute(query)}

    def hosts(self, context: str) -> list[str]:
        """The hosts that there are evaluations of, in alphabetical order."""
        query = select(EVALUATIONS.c.host).where(EVALUATIONS.c.context == context).distinct()
        with self.transaction() as connection:
            return sorted(connection.execute(query).scalars())

    def pipelines(self, context: str, split: Split) -> list[str]:
        """The pipelines that were evaluated on any host, each once, in the order they were first stored."""
        query = select(EVALUATIONS.c.pipeline).where(EVALUATIONS.c.context == context, EVALUATIONS.c.split == split)
        with self.transaction() as connection:
            return list(dict.fromkeys(connection.execute(query.order_by(EVALUATIONS.c.id)).scalars()))

    def write(self, context: str, host: str, evaluations: Sequence[Evaluation]) -> None:
        """Store evaluations in one transaction; an earlier one of the same place is replaced."""
        rows = [
            {"context": context, "host": host, "split": one.split, "pipeline": one.pipeline, "value": encode(one)}
            for one in evaluations
        ]
        if rows:
            statement = insert(EVALUATIONS)
            with self.transaction() as connection:
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
        conditions=Conditions(**{**plain["conditions"], "predicted": tuple(plain["conditions"]["predicted"])}),
        usage={stage: tuple(row and Usage(**row) for row in rows) for stage, rows in plain["usage"].items()},
    )
