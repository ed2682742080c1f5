"""Evaluations in a study's database: one row for each pipeline, split and host, read back as they were."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any, ClassVar

from pydantic_core import from_json
from sqlalchemy import (
    Column,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    select,
)
from sqlalchemy.dialects.sqlite import insert

from tradespace.explorer.garbage_collection import garbage_collection_paused
from tradespace.explorer.results import Conditions, Evaluation, QuestionSet, Replies, Usage
from tradespace.explorer.storage.database import Database
from tradespace.explorer.storage.rows import Row, Rows, pack, unpack

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
    Column("rows", LargeBinary, nullable=False),
    UniqueConstraint("context", "host", "split", "pipeline"),
)
IDENTITY = ("context", "host", "split", "pipeline")
PARTS = ("value", "rows")
ROWS = ("scores", "seconds")
"""What is packed, in this order."""


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

    def read(self, context: str, host: str, question_set: QuestionSet) -> dict[str, Evaluation]:
        """All evaluations of a split on a host by pipeline, in the order they were stored."""
        table = EVALUATIONS.c
        where = (table.context == context, table.host == host, table.split == question_set)
        query = select(table.pipeline, table.value, table.rows).where(*where).order_by(table.id)
        unpacked = cache(unpack)
        with self.transaction() as connection, garbage_collection_paused():
            return {name: decode(value, rows, unpacked) for name, value, rows in connection.execute(query)}

    def hosts(self, context: str) -> list[str]:
        """The hosts that there are evaluations of, in alphabetical order."""
        query = select(EVALUATIONS.c.host).where(EVALUATIONS.c.context == context).distinct()
        with self.transaction() as connection:
            return sorted(connection.execute(query).scalars())

    def pipelines(self, context: str, question_set: QuestionSet) -> list[str]:
        """The pipelines that were evaluated on any host, each once, in the order they were first stored."""
        query = select(EVALUATIONS.c.pipeline).where(
            EVALUATIONS.c.context == context, EVALUATIONS.c.split == question_set
        )
        with self.transaction() as connection:
            return list(dict.fromkeys(connection.execute(query.order_by(EVALUATIONS.c.id)).scalars()))

    def write(self, context: str, host: str, evaluations: Sequence[Evaluation]) -> None:
        """Store evaluations in one transaction; an earlier one of the same place is replaced."""
        identities = [(context, host, one.question_set, one.pipeline) for one in evaluations]
        rows = [
            dict(zip((*IDENTITY, *PARTS), (*identity, *encode(one)), strict=True))
            for identity, one in zip(identities, evaluations, strict=True)
        ]
        if rows:
            statement = insert(EVALUATIONS)
            replaced = {part: statement.excluded[part] for part in PARTS}
            with self.transaction() as connection:
                connection.execute(statement.on_conflict_do_update(index_elements=IDENTITY, set_=replaced), rows)

    def forget(self, context: str, pipelines: Iterable[str]) -> None:
        """Remove the evaluations of pipelines, of every split and host, in one transaction."""
        where = (EVALUATIONS.c.context == context, EVALUATIONS.c.pipeline == bindparam("notation"))
        rows = [{"notation": pipeline} for pipeline in pipelines]
        if rows:
            with self.transaction() as connection:
                connection.execute(delete(EVALUATIONS).where(*where), rows)


def encode(evaluation: Evaluation) -> tuple[bytes, bytes]:
    """An evaluation in two parts: compressed JSON, and its scores and seconds packed one after the other.

    Raises:
        ValueError: a number is NaN or infinite.
    """
    packed = {kind: {name: pack(row) for name, row in getattr(evaluation, kind).items()} for kind in ROWS}
    lengths = {kind: {name: len(row) for name, row in rows.items()} for kind, rows in packed.items()}
    plain = asdict(replace(evaluation, scores={}, seconds={})) | lengths
    rows = b"".join(row for rows in packed.values() for row in rows.values())
    return zlib.compress(json.dumps(plain, allow_nan=False).encode()), rows


def decode(value: bytes, rows: bytes, unpacked: Callable[[bytes], Row] = unpack) -> Evaluation:
    """Read back what `encode` wrote; scores and seconds stay packed until they are asked for."""
    plain: dict[str, Any] = from_json(zlib.decompress(value))
    scores = Rows(plain["scores"], rows, 0, unpacked)
    seconds = Rows(plain["seconds"], rows, sum(scores.lengths.values()), unpacked)
    conditions: dict[str, Any] = {"as_made": ()} | plain["conditions"]
    stages = {name: tuple(conditions[name]) for name in ("predicted", "as_made")}
    return Evaluation(
        pipeline=plain["pipeline"],
        yaml=plain["yaml"],
        question_set=QuestionSet(plain.get("question_set") or plain["split"]),
        stages=plain["stages"],
        scores=scores,
        failures={int(position): message for position, message in plain["failures"].items()},
        usd=tuple(plain["usd"]),
        seconds=seconds,
        end_to_end=tuple(plain["end_to_end"]),
        conditions=Conditions(**conditions | stages),
        usage={stage: tuple(row and Usage(**row) for row in rows) for stage, rows in plain["usage"].items()},
        address=plain.get("address", ""),
        replies=Replies(**plain.get("replies", {})),
        unmatched=plain.get("unmatched", 0),
    )
