"""Evaluations on a PostgreSQL server: one row for each pipeline, question set and host."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, ClassVar

from tradespace.explorer.results import Evaluation, QuestionSet
from tradespace.explorer.storage.base import EvaluationStore
from tradespace.explorer.storage.evaluation_codec import decode, encode
from tradespace.explorer.storage.postgresql.server import PostgreSQLStorage
from tradespace.explorer.storage.postgresql.texts import original, storable
from tradespace.explorer.storage.rows import unpack
from tradespace.garbage_collection import garbage_collection_paused

if TYPE_CHECKING:
    from tradespace.explorer.storage.postgresql.connections import Connection

_WRITE = """
INSERT INTO evaluations (context, host, split, digest, pipeline, value, rows) VALUES (%b, %b, %b, %b, %b, %b, %b)
ON CONFLICT (context, host, split, digest) DO UPDATE SET value = excluded.value, rows = excluded.rows"""
_READ = "SELECT pipeline, value, rows FROM evaluations WHERE context = %b AND host = %b AND split = %b ORDER BY id"


class PostgreSQLEvaluationStore(PostgreSQLStorage, EvaluationStore):
    """Evaluations in one table."""

    kind: ClassVar[str] = "evaluations"
    tables: ClassVar[tuple[str, ...]] = ("evaluations",)
    schema: ClassVar[tuple[str, ...]] = (
        # A notation may be longer than what an index can hold: its digest stands for it.
        """CREATE TABLE IF NOT EXISTS evaluations (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            context text NOT NULL, host text NOT NULL, split text NOT NULL, digest bytea NOT NULL,
            pipeline text NOT NULL, value bytea NOT NULL, rows bytea NOT NULL,
            UNIQUE (context, host, split, digest))""",
    )

    def read(self, context: str, host: str, question_set: QuestionSet) -> dict[str, Evaluation]:
        """Those of equal rows share them in memory."""
        unpacked = cache(unpack)
        found = self.rows(_READ, [storable(context), storable(host), str(question_set)])
        with garbage_collection_paused():
            return {original(name): decode(value, rows, unpacked) for name, value, rows in found}

    def hosts(self, context: str) -> list[str]:
        """The hosts of a context."""
        query = "SELECT DISTINCT host FROM evaluations WHERE context = %b"
        return sorted(original(host) for (host,) in self.rows(query, [storable(context)]))

    def pipelines(self, context: str, question_set: QuestionSet) -> list[str]:
        """The pipelines of a context."""
        query = "SELECT pipeline FROM evaluations WHERE context = %b AND split = %b ORDER BY id"
        rows = self.rows(query, [storable(context), str(question_set)])
        return list(dict.fromkeys(original(pipeline) for (pipeline,) in rows))

    def write(self, context: str, host: str, evaluations: Sequence[Evaluation]) -> None:
        """Encode all of them before any is stored; one writer at a time, as two might wait each for the other."""
        place = (storable(context), storable(host))
        rows = [
            (*place, str(each.question_set), _digest(each.pipeline), storable(each.pipeline), *encode(each))
            for each in evaluations
        ]

        def store(connection: Connection) -> None:
            connection.execute("LOCK TABLE evaluations IN SHARE ROW EXCLUSIVE MODE")
            with connection.cursor() as cursor:
                cursor.executemany(_WRITE, rows)

        if rows:
            self.transaction(store)

    def forget(self, context: str, pipelines: Iterable[str]) -> None:
        """Delete the evaluations of pipelines."""
        query, named = (
            "DELETE FROM evaluations WHERE context = %b AND pipeline = ANY(%b)",
            list(map(storable, pipelines)),
        )
        if named:
            self.transaction(lambda connection: connection.execute(query, [storable(context), named]))

    def counts(self) -> dict[tuple[str, str], int]:
        """Count them."""
        rows = self.rows("SELECT context, host, count(*) FROM evaluations GROUP BY context, host")
        return {(original(context), original(host)): count for context, host, count in rows}

    def forget_places(self, places: Collection[tuple[str, str]]) -> int:
        """Delete the evaluations of contexts and hosts."""
        query = "DELETE FROM evaluations WHERE context = %b AND host = %b"

        def delete(connection: Connection) -> int:
            named = [tuple(map(storable, place)) for place in dict.fromkeys(places)]
            return sum(connection.execute(query, place).rowcount for place in named)

        return self.transaction(delete)


def _digest(pipeline: str) -> bytes:
    return sha256(pipeline.encode()).digest()
