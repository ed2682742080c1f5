"""Classes named by a dotted path in the user's own YAML, with their arguments. Imported when used, not when read."""

from __future__ import annotations

import ast
from importlib import import_module
from typing import Annotated, Any

from pydantic import AfterValidator, Field, JsonValue

from tradespace import secrets
from tradespace.components.bounded_http import bound_clients
from tradespace.components.trust import Trust
from tradespace.errors import ComponentError

DottedPath = Annotated[
    str,
    Trust.IMPORTS,
    Field(
        pattern=r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)+$",
        description="the class to use, as in `package.module.Class`; it is imported, so only name code that you trust",
    ),
]


def _canonical(arguments: dict[str, Any]) -> dict[str, Any]:
    """Sort the names at every level, so that equal arguments are written alike, and refuse what can't be read back."""

    def ordered(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: ordered(value[key]) for key in sorted(value)}
        return [ordered(item) for item in value] if isinstance(value, list) else value

    try:
        ast.literal_eval(repr(arguments))
    except ValueError:
        raise ValueError(f"arguments must be finite plain values; given {arguments!r}") from None
    return {key: ordered(arguments[key]) for key in sorted(arguments)}


Arguments = Annotated[
    dict[str, JsonValue],
    AfterValidator(_canonical),
    Field(description="the arguments that the class is made with, by name"),
]


Timeout = Annotated[float, Field(ge=0.1, le=3600, description="seconds after which one call of the class times out")]
"""A limit on the whole of a call, however its reply trickles in; to be more patient changes no outcome."""


def import_class(path: str, expected: type) -> type:
    """Import the class at `path`.

    Raises:
        ComponentError: there is none, or it is not a subclass of `expected`.
    """
    module_name, _, name = path.rpartition(".")
    try:
        imported = getattr(import_module(module_name), name)
    except ImportError as error:
        raise ComponentError(
            f"{path!r} must name a class as package.module.Class; the module can't be imported: {error}"
        ) from error
    except AttributeError:
        raise ComponentError(f"{path!r} must name a class; the module {module_name!r} has no {name!r}") from None
    if not (isinstance(imported, type) and issubclass(imported, expected)):
        raise ComponentError(
            f"{path!r} must be a subclass of {expected.__module__}.{expected.__name__}; it is {imported!r}"
        )
    return imported


def construct(path: str, arguments: dict[str, Any], expected: type) -> Any:
    """Import the class at `path` and make one with `arguments`.

    Raises:
        ComponentError: there is no such class, it is not a subclass of `expected`, or it refuses the arguments.
    """
    return with_arguments(import_class(path, expected), path, arguments)


def with_arguments(factory: Any, path: str, arguments: dict[str, Any], *positional: Any) -> Any:
    """Call `factory`, which belongs to the class at `path`. What it keeps as a secret is held as one, and
    replies to the HTTP clients that it has are bounded.

    Raises:
        ComponentError: it raises anything; the user's arguments are the likely reason.
    """
    secrets.guard_messages()
    secrets.strip_environment()
    try:
        made = factory(*positional, **arguments)
    except Exception as error:  # noqa: BLE001 - somebody else's class may raise anything
        raise ComponentError(
            f"{path!r} could not be made with arguments {arguments!r}: {type(error).__name__}: {error}"
        ) from secrets.shown(error)
    secrets.hold_all(made)
    bound_clients(made)
    return made
