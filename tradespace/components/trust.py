"""What a component can do beyond its own work, which no file allows: the person who runs it does."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import Protocol

from tradespace.errors import Fault, InputError


class Trust(StrEnum):
    """A trust that a component needs. Each is given on the command line by a flag: `--allow-imports` and so on."""

    IMPORTS = "imports"
    UNSANDBOXED = "unsandboxed"
    SERVER = "server"

    @property
    def flag(self) -> str:
        """What gives it on the command line."""
        return f"--allow-{self}"

    @property
    def meaning(self) -> str:
        """What a component does that needs it, as the rest of a sentence about the component."""
        return _MEANINGS[self]


_MEANINGS = {
    Trust.IMPORTS: "imports code that it names, or hands arguments to a library that may",
    Trust.UNSANDBOXED: "runs programs that a model wrote without a sandbox, with all that you may do on this machine",
    Trust.SERVER: "sends questions and passages to a server, with the key for it that your environment holds",
}


class NeedsTrust(Protocol):
    """A component, as far as trust goes."""

    @property
    def needs(self) -> frozenset[Trust]:
        """The trust that it needs itself."""

    def parts(self) -> Iterable[NeedsTrust]:
        """Itself, and all that stand in its settings, however deep."""


def demand(components: Iterable[NeedsTrust], allowed: Collection[Trust]) -> None:
    """Refuse components that need a trust which was not given, themselves or in their parts.

    Raises:
        InputError: some do; each is named with what it does, and the flag that allows it.
    """
    parts = [part for component in components for part in component.parts()]
    needing = dict.fromkeys((part, trust) for part in parts for trust in sorted(part.needs.difference(allowed)))
    if needing:
        raise InputError([Fault(_refusal(part, trust)) for part, trust in needing])


def _refusal(part: NeedsTrust, trust: Trust) -> str:
    return f"{part!r} {trust.meaning}; no file can allow that: if you trust it, add {trust.flag}"
