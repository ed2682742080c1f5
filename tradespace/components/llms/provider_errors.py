"""What providers' packages raise, in words, and whether asking again may help: all the same, or without a parameter."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tradespace.components.remote.refusals import (
    OTHER_NAME,
    ParameterRefusedError,
    Refusal,
    UnavailableError,
    refused_parameter,
)
from tradespace.errors import ComponentError, component_error_in

PASSING_ERRORS = {"ConnectionError", "TimeoutError", "TransportError", "APIConnectionError", "APITimeoutError"}
"""Exceptions that may pass, by the name of their class or of a base class: each provider's package has its own."""
KEY = "the environment variable of its provider"

_NOT_TAKEN = re.compile(r"unexpected keyword argument|not supported|not permitted")
"""How packages say, before they send anything, that a model or its interface does not know a parameter."""


def provider_error(error: Exception, sampling: Mapping[str, Any]) -> ComponentError:
    """The error that fits what a package raised for a request with these parameters."""
    if known := component_error_in(error):
        return known
    sent = dict(sampling) | {OTHER_NAME[name]: sampling[name] for name in OTHER_NAME if name in sampling}
    text = _in_words(error)
    for raised in _causes(error):
        if (status := _status(raised)) is not None:
            headers = getattr(getattr(raised, "response", None), "headers", None) or {}
            return Refusal(status, _body(raised) or text, headers).error(sent, KEY)
    if (
        isinstance(error, TypeError | ValueError)
        and _NOT_TAKEN.search(text)
        and (name := refused_parameter(text, sent))
    ):
        return ParameterRefusedError(text, name)
    passing = PASSING_ERRORS & {base.__name__ for base in type(error).__mro__}
    return UnavailableError(text) if passing else ComponentError(text)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what it was caused by: some packages wrap what their client raised, and keep its status there."""
    while error is not None:
        yield error
        error = error.__cause__


def _status(error: BaseException) -> int | None:
    """The HTTP status of a reply that is no success; None where the error tells of none."""
    response = getattr(error, "response", None)
    known = (getattr(error, "status_code", None), getattr(error, "code", None), getattr(response, "status_code", None))
    return next((status for status in known if isinstance(status, int) and status >= 300), None)


def _body(error: BaseException) -> str:
    """What the server said, as JSON; empty where the package does not keep it."""
    known = (getattr(error, "body", None), getattr(error, "details", None))
    return next((json.dumps(body) for body in known if isinstance(body, dict)), "")


def _in_words(error: BaseException) -> str:
    """An error with what it was caused by: packages say no more of it than `Connection error`."""
    text = f"{type(error).__name__}: {error}"
    return f"{text} ({_in_words(error.__cause__)})" if error.__cause__ else text
