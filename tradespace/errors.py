"""The exception hierarchy. Every message says what must hold, what was given, what is valid and what to do.

TradespaceError
├── InputError              the user's files or arguments are invalid; carries every fault found (exit code 2)
│   ├── SpaceError          a YAML search space
│   ├── DataError           a dataset
│   ├── FileError           a file, before it is known what for; readers pass its fault on as their own
│   └── NotationError       a pipeline written as text
├── ComponentError          a component could not be opened, or raised while it ran
├── MeasureError            a measure raised, or returned invalid scores
├── ModelUnavailableError   a language model does not respond at all: nothing that needs it can continue
├── ReplicaLostError        the process of a replica ended while it was needed
├── RequestRefusedError     a server takes no request now: too many wait, it is starting, or about to end
├── ClusterError            a Ray cluster cannot be reached, or has no place for what is to run on it
├── LedgerError             the ledger cannot be read or written
└── StudyError              a study folder is of another version, another space, or in use
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from tradespace.encoding import encodable
from tradespace.secrets import scrubbed


class TradespaceError(Exception):
    """Root of all errors that Tradespace raises on purpose.

    >>> from tradespace import TradespaceError, parse
    >>> try:
    ...     parse("bm52(top_k=20)")
    ... except TradespaceError as error:
    ...     print(error)  # doctest: +ELLIPSIS
    no component is called 'bm52'; did you mean 'bm25'? Valid: ...
    """


@dataclass(frozen=True, slots=True)
class Fault:
    """One error in a user's file.

    `where` is a path, optionally with `:line`; `message` says what must hold, what was given and what is valid.
    """

    message: str
    where: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class InputError(TradespaceError):
    """The user's input is invalid. All faults found are reported together."""

    def __init__(self, faults: Sequence[Fault] | str) -> None:
        self.faults: tuple[Fault, ...] = (Fault(faults),) if isinstance(faults, str) else tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


class SpaceError(InputError):
    """A YAML search space is unreadable, unknown names are used, or no pipeline is left."""


class DataError(InputError):
    """A dataset is unreadable, truncated or inconsistent."""


class FileError(InputError):
    """A file cannot be read or parsed."""

    def __init__(self, message: str, where: str) -> None:
        super().__init__([Fault(message, where)])


class NotationError(InputError):
    """A pipeline's notation cannot be parsed."""


class ComponentError(TradespaceError):
    """A component could not be opened, or raised while it ran. Its message carries no secret, and can be encoded."""

    def __init__(self, message: str) -> None:
        super().__init__(scrubbed(encodable(message)))


class MeasureError(TradespaceError):
    """A measure raised while scoring, or returned invalid scores."""


class ModelUnavailableError(TradespaceError):
    """A language model does not respond at all: nothing that needs it can continue."""


class ReplicaLostError(TradespaceError):
    """The process of a replica ended while it was needed. It can be started again."""


class RequestRefusedError(TradespaceError):
    """A server takes no request now: too many wait already, it is starting, or it is about to end."""


class ClusterError(TradespaceError):
    """A Ray cluster cannot be reached, or has no place for what is to run on it."""


class LedgerError(TradespaceError):
    """The ledger cannot be read or written."""


class StudyError(TradespaceError):
    """A study folder cannot be used by this command: another version, another space, or in use."""


def component_error_in(error: BaseException | None) -> ComponentError | None:
    """The `ComponentError` that an error is or was caused by: third-party code wraps errors in its own."""
    while error is not None and not isinstance(error, ComponentError):
        error = error.__cause__
    return error


def nearest(name: str, valid: Sequence[str]) -> str:
    """Return `valid` as a sentence for an error message, starting with the closest name.

    >>> nearest("bm52", ["bm25", "dense"])
    "did you mean 'bm25'? Valid: bm25, dense"
    """
    listing = f"Valid: {', '.join(valid)}" if valid else "None is valid here"
    match = get_close_matches(name, valid, n=1)
    return f"did you mean {match[0]!r}? {listing}" if match else listing
