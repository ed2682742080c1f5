"""A real PostgreSQL server on loopback, in a folder of its own, as an ordinary user: started once for a process of
tests, and ended with it. Debian's package `postgresql` brings it; without one, tests that need it say so."""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

SUPERUSER = "tradespace"
WITH_PASSWORD = "guarded"
"""The only account that is asked for its password; a test makes it."""
STARTED_WITHIN = 60.0
_SCHEMAS = count()


def _program(name: str) -> str:
    """A program of the server; Debian keeps them out of the path."""
    places = [found for found in [shutil.which(name)] if found]
    places += sorted(map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{name}")), reverse=True)
    if not places:
        pytest.skip("PostgreSQL is not installed")
    return places[0]


@dataclass
class PostgreSQLServer:
    """A server with its data in a folder."""

    folder: Path
    port: int
    settings: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None

    def url(self, user: str = SUPERUSER, database: str = "postgres", **parameters: str) -> str:
        """Of a database, by default the one that is always there; `user` may be one with a password."""
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in parameters.items())
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}{'?' if query else ''}{query}"

    def fresh_url(self, user: str = SUPERUSER) -> str:
        """Of a schema in it where nothing is stored yet."""
        schema = f"s{os.getpid()}_{next(_SCHEMAS)}"
        self.execute(f"CREATE SCHEMA {schema}")
        return self.url(user, options=f"-csearch_path={schema}")

    def execute(self, *statements: str, database: str = "postgres") -> None:
        """As the superuser."""
        with psycopg.connect(self.url(database=database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """What a query finds, as the superuser."""
        with psycopg.connect(self.url()) as connection:
            return connection.execute(query, values).fetchall()

    def role(self, name: str, password: str = "") -> None:
        """Make an account, or change its password."""
        words = f"LOGIN PASSWORD '{password}'" if password else "LOGIN"
        self.execute(f"DO $$ BEGIN CREATE ROLE {name}; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
        self.execute(f"ALTER ROLE {name} {words}")

    def make(self) -> None:
        """Make an empty database."""
        user = _ordinary_user()
        self.folder.mkdir(parents=True, exist_ok=True)
        if user is not None:
            os.chown(self.folder, user, -1)
        arguments = ["--username", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
        subprocess.run(
            [_program("initdb"), "--pgdata", str(self.folder / "data"), *arguments],
            check=True,
            user=user,
            cwd=self.folder,
            capture_output=True,
        )
        accounts = self.folder / "data" / "pg_hba.conf"
        accounts.write_text(f"host all {WITH_PASSWORD} 127.0.0.1/32 scram-sha-256\n{accounts.read_text()}")

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        options = [f"-c{setting}" for setting in self.settings]
        where = ["-D", str(self.folder / "data"), "-h", "127.0.0.1", "-p", str(self.port), "-k", ""]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [_program("postgres"), *where, *options], user=_ordinary_user(), cwd=self.folder, stdout=log, stderr=log
            )
        until = time.monotonic() + STARTED_WITHIN
        while True:
            try:
                psycopg.connect(self.url(), connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > until or self.process.poll() is not None:
                    raise RuntimeError((self.folder / "log").read_text()[-2000:]) from None
                time.sleep(0.05)

    def stop(self) -> None:
        """End it at once, with all its connections; what was committed stays."""
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait()
            self.process = None


@contextmanager
def postgresql_server(*settings: str) -> Iterator[PostgreSQLServer]:
    """A server of one's own until the block ends, with further settings such as `max_connections=5`."""
    folder = Path(tempfile.mkdtemp(prefix="tradespace-postgresql-"))
    folder.chmod(0o755)
    server = PostgreSQLServer(folder / "server", _free_port(), settings)
    try:
        server.make()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@cache
def shared_server() -> PostgreSQLServer:
    """The one that tests of a process share; it loses what a power cut would, and nothing else."""
    return _kept("fsync=off")


@cache
def _fragile_server() -> PostgreSQLServer:
    return _kept("fsync=off", "max_connections=10", "superuser_reserved_connections=1")


def fragile_server() -> PostgreSQLServer:
    """Another one that tests share, which they may stop; it takes nine connections, and those of superusers."""
    server = _fragile_server()
    if server.process is None:
        server.start()
    return server


def _kept(*settings: str) -> PostgreSQLServer:
    """A server until this process ends."""
    opened = postgresql_server(*settings)
    server = opened.__enter__()
    own = os.getpid()
    atexit.register(lambda: opened.__exit__(None, None, None) if os.getpid() == own else None)
    return server


def _ordinary_user() -> int | None:
    """The server refuses to run as root: another user runs it then."""
    return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
