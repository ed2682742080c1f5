"""A ledger on a PostgreSQL server, which many may share: what one of them paid for, no one pays again.

Rows are sent as arrays, one for each column, so that a batch of any size is one statement, seen whole or not at all.
Outcomes of one batch are stored in the order of their keys: two writers that meet in a key wait for each other there,
and never each for the other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar

from tradespace.explorer.storage.base import Ledger
from tradespace.explorer.storage.entries import Contents, Entry, Sample, Share, Timing, largest_first
from tradespace.explorer.storage.postgresql.server import PostgreSQLStorage
from tradespace.explorer.storage.postgresql.texts import original, storable
from tradespace.explorer.storage.timing_keys import call_timing_key

if TYPE_CHECKING:
    from tradespace.explorer.storage.postgresql.connections import Connection

_ROWS_PER_BATCH = 10_000
_SAMPLE = "unnest(%b::text[], %b::text[], %b::text[], %b::float8[], %b::text[], %b::float8[])"
_SAMPLE_COLUMNS = "host, work, question, seconds, conditions, at"
_READ = "SELECT key, value, checksum FROM outcomes WHERE key = ANY(%b)"
_ADD = """
INSERT INTO outcomes (key, value, component, checksum)
SELECT * FROM unnest(%b::bytea[], %b::bytea[], %b::text[], %b::bigint[]) ON CONFLICT DO NOTHING"""
_APPEND = f"INSERT INTO timings ({_SAMPLE_COLUMNS}) SELECT * FROM {_SAMPLE}"
_ADD_SAMPLES = f"""
INSERT INTO timings ({_SAMPLE_COLUMNS})
SELECT {_SAMPLE_COLUMNS} FROM {_SAMPLE} WITH ORDINALITY AS new ({_SAMPLE_COLUMNS}, place) WHERE NOT EXISTS (
    SELECT FROM timings AS old
    WHERE (old.host, old.work, old.question, old.seconds, old.conditions, old.at)
        = (new.host, new.work, new.question, new.seconds, new.conditions, new.at)
) ORDER BY place"""
_TIMINGS = f"SELECT {_SAMPLE_COLUMNS} FROM timings WHERE work = ANY(%b) AND (%b::text IS NULL OR host = %b) ORDER BY id"
_COUNTED = "SELECT component, count(*), sum(length(key) + length(value)) FROM outcomes GROUP BY component"
_TIMED = "SELECT host, count(*) FROM timings GROUP BY host"


class PostgreSQLLedger(PostgreSQLStorage, Ledger):
    """The record of calls in two tables."""

    kind: ClassVar[str] = "ledger"
    tables: ClassVar[tuple[str, ...]] = ("outcomes", "timings")
    schema: ClassVar[tuple[str, ...]] = (
        """CREATE TABLE IF NOT EXISTS outcomes (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            key bytea NOT NULL UNIQUE, value bytea NOT NULL, component text NOT NULL, checksum bigint NOT NULL)""",
        """CREATE TABLE IF NOT EXISTS timings (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            host text NOT NULL, work text NOT NULL, question text NOT NULL, seconds float8 NOT NULL,
            conditions text NOT NULL, at float8 NOT NULL)""",
        "CREATE INDEX IF NOT EXISTS timings_by_work ON timings (work, host)",
    )

    def _stored(self, keys: Sequence[bytes]) -> list[tuple[bytes, bytes, int]]:
        return self.rows(_READ, [list(keys)]) if keys else []

    def add(self, entries: Sequence[Entry]) -> int:
        """Store entries in the order of their keys."""
        if not entries:
            return 0
        keys, values, components, checksums = map(list, zip(*sorted(entries, key=attrgetter("key")), strict=True))
        return self.changed(_ADD, [keys, values, list(map(storable, components)), checksums])

    def _append(self, samples: Sequence[Sample]) -> None:
        if samples:
            self.changed(_APPEND, _columns(samples), again=_ADD_SAMPLES)

    def add_samples(self, samples: Sequence[Sample]) -> int:
        """Look for each where it is stored."""
        return self.changed(_ADD_SAMPLES, _columns(list(dict.fromkeys(samples)))) if samples else 0

    def __bool__(self) -> bool:
        ((found,),) = self.rows("SELECT EXISTS (SELECT FROM outcomes)")
        return bool(found)

    def __len__(self) -> int:
        ((count,),) = self.rows("SELECT count(*) FROM outcomes")
        return int(count)

    def entries(self) -> Iterator[list[Entry]]:
        """In the order of their numbers."""
        for rows in self._batches("outcomes", "key, value, component, checksum"):
            yield [Entry(key, value, original(component), checksum) for _, key, value, component, checksum in rows]

    def samples(self) -> Iterator[list[Sample]]:
        """In the order of their numbers."""
        for rows in self._batches("timings", _SAMPLE_COLUMNS):
            yield [_sample(row[1:]) for row in rows]

    def _batches(self, table: str, columns: str) -> Iterator[list[Any]]:
        query, last = f"SELECT id, {columns} FROM {table} WHERE id > %b ORDER BY id LIMIT {_ROWS_PER_BATCH}", 0
        while rows := self.rows(query, [last]):
            yield rows
            last = rows[-1][0]

    def timings(self, works: Iterable[str], host: str | None = None) -> list[Timing]:
        """Look them up by their works."""
        chosen = [storable(work) for work in dict.fromkeys(works)]
        where = None if host is None else storable(host)
        return [_sample(row).timing for row in self.rows(_TIMINGS, [chosen, where, where])] if chosen else []

    def forget(self, keys: Sequence[bytes]) -> None:
        """Delete outcomes and timings of calls."""
        works = list(map(call_timing_key, keys))

        def delete(connection: Connection) -> None:
            connection.execute("DELETE FROM outcomes WHERE key = ANY(%b)", [list(keys)])
            connection.execute("DELETE FROM timings WHERE work = ANY(%b)", [works])

        if keys:
            self.transaction(delete)

    def forget_components(self, components: Collection[str]) -> int:
        """Delete the outcomes of components."""
        named = list(map(storable, components))
        return self.changed("DELETE FROM outcomes WHERE component = ANY(%b)", [named]) if named else 0

    def forget_hosts(self, hosts: Collection[str]) -> int:
        """Delete the samples of hosts."""
        named = list(map(storable, hosts))
        return self.changed("DELETE FROM timings WHERE host = ANY(%b)", [named]) if named else 0

    def contents(self) -> Contents:
        """What the tables hold."""
        return self.transaction(self._contents)

    def _contents(self, connection: Connection) -> Contents:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        outcomes, timings = connection.execute(_COUNTED).fetchall(), connection.execute(_TIMED).fetchall()
        return Contents(
            largest_first(Share(original(name), int(count), int(size)) for name, count, size in outcomes),
            largest_first(Share(original(name), int(count)) for name, count in timings),
            self.stored_bytes(connection),
        )


def _columns(samples: Sequence[Sample]) -> list[list[Any]]:
    """Samples as their columns."""
    rows = ([storable(part) if isinstance(part, str) else part for part in sample] for sample in samples)
    return list(map(list, zip(*rows, strict=True)))


def _sample(row: Sequence[Any]) -> Sample:
    host, work, question, seconds, conditions, at = row
    return Sample(original(host), original(work), original(question), seconds, original(conditions), at)
