"""What errors of a PostgreSQL server mean for whoever explores, and what to do about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradespace.secrets import scrubbed

if TYPE_CHECKING:
    from psycopg import Error

_KEPT = "what was stored so far is kept, and no call is made twice"
_ADVICE = {
    "28": "Check the user and the password: in PGPASSWORD, in the password file of libpq, or in the URL",
    "3D": "Make the database first, with `createdb`, or name one that is there",
    "3F": "Make the schema first, or name one that is there",
    "42": "The tables are not as Tradespace makes them: use another database or schema, or restore them from a backup",
    "42501": "This account may not do that: use one that may write, or only read with show, report and ledger show",
    "25006": "The server takes no writes now, as a standby does, or this account may make none: use another",
    "53100": f"The server's disk is full: free some of it and run the same command again; {_KEPT}",
    "53300": f"The server takes no more connections: wait, or raise its max_connections; {_KEPT}",
    "53": f"The server lacks something: look at its log, then run the same command again; {_KEPT}",
    "55P03": f"Another program holds a lock on the tables: end it, then run the same command again; {_KEPT}",
    "57014": "The server ended the statement, as after its statement_timeout: raise that for this account, with "
    f"`ALTER ROLE … SET statement_timeout`, then run the same command again; {_KEPT}",
    "57P0": f"The server is ending or starting: wait, then run the same command again; {_KEPT}",
    "XX": "The server reports damage: look at its log, and restore the database from a backup",
}
"""By the beginning of the SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html."""
_REFUSED = {
    "the database system is": "57P0",
    "slots are reserved": "53300",
    "too many clients": "53300",
    "too many connections": "53300",
    "password": "28",
    "pg_hba.conf": "28",
    "role": "28",
    "database": "3D",
}
"""Of what a server says as it refuses a connection, for which the driver tells no SQLSTATE."""
_GONE = f"Check that the server runs and can be reached, then run the same command again; {_KEPT}"
_PASSING = ("", "53300", "57P0")


def advice_on(error: Error) -> str:
    """What happened, in the server's words, and what to do."""
    state = _state(error)
    matching = [prefix for prefix in _ADVICE if state.startswith(prefix)]
    advice = _ADVICE[max(matching, key=len)] if matching else _GONE
    return f"{scrubbed(' '.join(str(error).split()))}. {advice}"


def may_pass(error: Error) -> bool:
    """Whether a connection that did not come about may do so a little later."""
    return _state(error) in _PASSING


def _state(error: Error) -> str:
    """The SQLSTATE, or its beginning; empty where no server said a word."""
    told = str(error)
    refused = told.partition("FATAL: ")[2] or ("password" if "no password supplied" in told else "")
    return error.sqlstate or next((state for words, state in _REFUSED.items() if words in refused), "")
