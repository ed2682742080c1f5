"""URLs of PostgreSQL databases, as libpq reads them: where a password can stand in one."""

from __future__ import annotations

from urllib.parse import unquote

SECRET_PARAMETERS = frozenset(
    {"password", "sslpassword", "oauth_client_secret", "scram_client_key", "scram_server_key"}
)
"""Parameters of a connection that are secrets."""


def without_secrets(url: str) -> str:
    """The URL without its password and other secrets, wherever they stand in it.

    A part that cannot be read stays out rather than in: a password may hold characters that should have been escaped.
    https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS

    >>> without_secrets("postgresql://me:open@sesame@host:5432/calls?password=x&connect_timeout=3")
    'postgresql://me@host:5432/calls?connect_timeout=3'
    """
    scheme, mark, rest = url.partition("://")
    head, slash, tail = rest.partition("/")
    account, _, server = head.rpartition("@")
    place, _, query = f"{server}{slash}{tail}".partition("?")
    kept = [
        part for part in query.split("&") if part and unquote(part.partition("=")[0]).lower() not in SECRET_PARAMETERS
    ]
    user = f"{account.partition(':')[0]}@" if account.partition(":")[0] else ""
    return f"{scheme}{mark}{user}{place}{'?' if kept else ''}{'&'.join(kept)}"


def is_escaped(url: str) -> bool:
    """Whether each `@` of a URL that ends no account is escaped: else libpq takes pieces of a password for a host or a
    database, and says them.

    >>> is_escaped("postgresql://me:open%40sesame@host/calls"), is_escaped("postgresql://me:open/sesame@host/calls")
    (True, False)
    """
    head, _, tail = url.partition("://")[2].partition("/")
    return head.count("@") <= 1 and "@" not in tail.partition("?")[0]
