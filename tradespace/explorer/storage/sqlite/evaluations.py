"""Evaluations in an SQLite file: one row for each pipeline, question set and host."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

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
    func,
    select,
)
from sqlalchemy.dialects.sqlite import insert

from tradespace.explorer.results import Evaluation, QuestionSet
from tradespace.explorer.storage.base import EvaluationStore
from tradespace.explorer.storage.evaluation_codec import decode, encode
from tradespace.explorer.storage.rows import unpack
from tradespace.explorer.storage.sqlite.file import SQLiteFile
from tradespace.garbage_collection import garbage_collection_paused

EVALUATION_TABLES = MetaData()
EVALUATIONS = Table(
    "evaluations",
    EVALUATION_TABLES,
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


@dataclass
class SQLiteEvaluationStore(SQLiteFile, EvaluationStore):
    """Evaluations in one SQLite file."""

    tables: ClassVar[MetaData] = EVALUATION_TABLES
    advice: ClassVar[str] = (
        "Move it away and explore again: evaluations are recomputed from the ledger, and no call is made twice"
    )

    def read(self, context: str, host: str, question_set: QuestionSet) -> dict[str, Evaluation]:
        """Those of equal rows share them in memory."""
        table = EVALUATIONS.c
        where = (table.context == context, table.host == host, table.split == question_set)
        query = select(table.pipeline, table.value, table.rows).where(*where).order_by(table.id)
        unpacked = cache(unpack)
        with self.transaction() as connection, garbage_collection_paused():
            return {name: decode(value, rows, unpacked) for name, value, rows in connection.execute(query)}

    def hosts(self, context: str) -> list[str]:
        """The hosts of a context."""
        query = select(EVALUATIONS.c.host).where(EVALUATIONS.c.context == context).distinct()
        with self.transaction() as connection:
            return sorted(connection.execute(query).scalars())

    def pipelines(self, context: str, question_set: QuestionSet) -> list[str]:
        """The pipelines of a context."""
        query = select(EVALUATIONS.c.pipeline).where(
            EVALUATIONS.c.context == context, EVALUATIONS.c.split == question_set
        )
        with self.transaction() as connection:
            return list(dict.fromkeys(connection.execute(query.order_by(EVALUATIONS.c.id)).scalars()))

    def write(self, context: str, host: str, evaluations: Sequence[Evaluation]) -> None:
        """Encode all of them before any is stored."""
        identities = [(context, host, evaluation.question_set, evaluation.pipeline) for evaluation in evaluations]
        rows = [
            dict(zip((*IDENTITY, *PARTS), (*identity, *encode(evaluation)), strict=True))
            for identity, evaluation in zip(identities, evaluations, strict=True)
        ]
        if rows:
            statement = insert(EVALUATIONS)
            replaced = {part: statement.excluded[part] for part in PARTS}
            with self.transaction() as connection:
                connection.execute(statement.on_conflict_do_update(index_elements=IDENTITY, set_=replaced), rows)

    def forget(self, context: str, pipelines: Iterable[str]) -> None:
        """Delete the evaluations of pipelines."""
        where = (EVALUATIONS.c.context == context, EVALUATIONS.c.pipeline == bindparam("notation"))
        rows = [{"notation": pipeline} for pipeline in pipelines]
        if rows:
            with self.transaction() as connection:
                connection.execute(delete(EVALUATIONS).where(*where), rows)

    def counts(self) -> dict[tuple[str, str], int]:
        """Count them."""
        table = EVALUATIONS.c
        query = select(table.context, table.host, func.count()).group_by(table.context, table.host)
        with self.transaction() as connection:
            return {(context, host): count for context, host, count in connection.execute(query)}

    def forget_places(self, places: Collection[tuple[str, str]]) -> int:
        """Delete the evaluations of contexts and hosts."""
        table = EVALUATIONS.c
        with self.transaction() as connection:
            return sum(
                connection.execute(delete(EVALUATIONS).where(table.context == context, table.host == host)).rowcount
                for context, host in dict.fromkeys(places)
            )
