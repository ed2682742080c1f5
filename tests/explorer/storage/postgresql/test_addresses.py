"""URLs of databases are read, and written down without what is secret in them."""

from __future__ import annotations

from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.conninfo import conninfo_to_dict

from tradespace.errors import InputError
from tradespace.explorer.storage.databases import open_ledger
from tradespace.explorer.storage.postgresql.addresses import without_secrets


def test_a_url_that_is_none_is_told() -> None:
    """Before anything is contacted."""
    with pytest.raises(InputError, match="the URL of a PostgreSQL database cannot be read"):
        open_ledger("postgresql://host/database?no_such_parameter=1")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:pass/word-7@host/calls",
        "postgresql://me:50%-off-7@host/calls",
        "postgresql:///x?password=%zz-7",
    ],
)
def test_a_url_that_cannot_be_read_shows_no_part_of_itself(url: str) -> None:
    """Where a password may stand in it, libpq's words quote pieces of that."""
    with pytest.raises(InputError, match="must be as in postgresql://user@host:5432/database") as raised:
        open_ledger(url)
    assert "7" not in str(raised.value)


_PARTS = st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S"]), min_size=1, max_size=12)


@given(user=_PARTS, password=_PARTS, database=_PARTS, other=_PARTS)
def test_a_url_without_its_secrets_opens_the_same(user: str, password: str, database: str, other: str) -> None:
    """All that it says is kept but the password, however that is written."""
    user, password, database, other = (quote(part, safe="") for part in (user, password, database, other))
    query = f"application_name={other}"
    for url in (
        f"postgresql://{user}:{password}@host:5432,other:5433/{database}?{query}",
        f"postgresql://{user}@host:5432,other:5433/{database}?password={password}&{query}&%70assword={password}",
    ):
        known = conninfo_to_dict(url)
        assert known.pop("password") == unquote(password)
        assert conninfo_to_dict(without_secrets(url)) == known


def test_the_password_of_a_url_that_was_not_escaped_is_not_kept() -> None:
    """Libpq would read it otherwise; what is written down holds none of it."""
    for password in ("p@ss@word", "p?ss=word", "p:ss"):
        assert without_secrets(f"postgresql://me:{password}@host/calls?x=1") == "postgresql://me@host/calls?x=1"
