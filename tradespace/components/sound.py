"""Values that other people's code returned, as Python's own: finite numbers, and text that can be encoded.

Half of a surrogate pair in a text, which no file could hold, is replaced by U+FFFD.
"""

from __future__ import annotations

from math import isfinite
from numbers import Real
from typing import Any

from tradespace.encoding import encodable
from tradespace.errors import ComponentError


def is_sound_text(value: Any) -> bool:
    """Whether a text needs no closer look."""
    return type(value) is str and (value.isascii() or encodable(value) is value)


def is_sound_number(value: Any) -> bool:
    """Whether a number, or None where one is missing, needs no closer look."""
    return value is None or (type(value) is float and isfinite(value))


def sound_text(component: object, what: str, value: Any) -> str:
    """A text.

    Raises:
        ComponentError: it is none.
    """
    if not isinstance(value, str):
        raise ComponentError(f"{component!r}: {what} must be text; given: {value!r:.200}")
    return value if value.isascii() else encodable(value)


def sound_number(component: object, what: str, value: Any) -> float:
    """A number.

    Raises:
        ComponentError: it is none, or not finite.
    """
    if isinstance(value, float) and isfinite(value):
        return value
    if isinstance(value, Real) and isfinite(value):
        return float(value)
    raise ComponentError(f"{component!r}: {what} must be a finite number; given: {value!r:.200}")


def sound_or_none(component: object, what: str, value: Any) -> float | None:
    """A number, or None where one is missing.

    Raises:
        ComponentError: it is something else, or not finite.
    """
    return None if value is None else sound_number(component, what, value)
