"""Where a study's ledger is kept, if that is not its folder: on a server, which no file may have contacted unasked.

A study keeps the URL of its server without a password, or the name of the environment variable that holds the URL. What
an environment names, its owner allows; what only a file names, whoever runs a command allows there.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tradespace.components.trust import Trust
from tradespace.errors import InputError
from tradespace.explorer.storage.databases import file_at, is_on_server, public_url
from tradespace.search_space.sections import LEDGER_VARIABLE
from tradespace.secrets import hold_passwords

LEDGER_EXAMPLE = "postgresql://me@host/calls"


class LedgerLocation(BaseModel):
    """A ledger on a server as study.json names it: by a URL without secrets, or by an environment variable."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str | None = None
    from_env: str | None = Field(default=None, pattern=LEDGER_VARIABLE)

    @model_validator(mode="after")
    def _one(self) -> LedgerLocation:
        if (self.url is None) == (self.from_env is None):
            raise ValueError("needs either `url` or `from_env`")
        if self.url is not None and not is_on_server(self.url):
            raise ValueError("`url` must be that of a database on a server")
        return self

    @property
    def needs(self) -> frozenset[Trust]:
        """A server that only a file names is contacted by whoever allows it."""
        return frozenset() if self.url is None else frozenset({Trust.SERVER})

    def parts(self) -> tuple[LedgerLocation]:
        """Nothing stands in it that needs trust of its own."""
        return (self,)

    def address(self) -> str:
        """The URL that opens it.

        Raises:
            InputError: the environment variable is not set, or holds something else.
        """
        return self.url or in_environment(self.from_env or "").url

    def __str__(self) -> str:
        return self.url or f"the URL in {self.from_env}"

    def __repr__(self) -> str:
        return f"the ledger at {self}"


@dataclass(frozen=True)
class ChosenLedger:
    """A ledger that somebody chose, on a command line or in an environment.

    Attributes:
        location: what a study may keep of that; None where it is the ledger in its own folder.
        url: opens it, perhaps with a password.
    """

    location: LedgerLocation | None
    url: str = field(repr=False)


def on_command_line(where: str, own: Path) -> ChosenLedger:
    """The ledger that is named on a command line, by the URL of a server, or by the file of the study itself, `own`.

    Raises:
        InputError: it is something else.
    """
    file = file_at(where)
    if file is not None and file.resolve() == own.resolve():
        return ChosenLedger(None, str(own))
    url = _required(where, "--ledger", f", or {own}")
    return ChosenLedger(LedgerLocation(url=public_url(url)), url)


def in_environment(variable: str) -> ChosenLedger:
    """The ledger whose URL an environment variable holds.

    Raises:
        InputError: it is not set, or holds something else.
    """
    if not (url := os.environ.get(variable, "").strip()):
        raise InputError(f"{variable} must hold the URL of a ledger, such as {LEDGER_EXAMPLE}, and is not set: set it")
    return ChosenLedger(LedgerLocation(from_env=variable), _required(url, variable))


def _required(url: str, name: str, otherwise: str = "") -> str:
    hold_passwords(url)
    if not is_on_server(url):
        raise InputError(f"{name} must be the URL of a database on a server, such as {LEDGER_EXAMPLE}{otherwise}")
    return url
