"""Secrets that this process holds, and text without them: the one filter for whatever leaves a component.

A secret is the value of an environment variable that was read as one or is named like one (`…_API_KEY`, `HF_TOKEN`),
and what a class of somebody else's keeps as one. Errors and failures are filtered as they are made, so that none can
be forgotten; log records and warnings, which others write, from when a secret was read; tracebacks where the program
prints them.
"""

from __future__ import annotations

import logging
import os
import re
import threading
import traceback
import warnings
from collections.abc import Iterator
from contextlib import suppress
from functools import cache, lru_cache
from typing import Any
from urllib.parse import quote, unquote

WIDTH = 12
"""No stretch of so many characters of a secret passes: texts are cut, escaped and abridged on their way."""
SHORTEST, SHORTEST_BY_NAME = 6, 8
"""Characters: shorter values protect nothing, and hiding them would garble messages: `none`, `EMPTY`, `1`."""
DEEPEST_PART = 4
"""How deep nested objects are searched for secrets."""
NAMED_LIKE_ONE = re.compile(r"(KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE)S?(_|\d|$)(?!.*(FILE|PATH|DIR)$)", re.I)
_IN_ADDRESSES = (
    re.compile(r"://[^/?#@:\s]*:([^@\s]+)@"),
    re.compile(r"://[^/?#@:\s]*:(\S+)@"),
    re.compile(r"[?&]\w*password=([^&\s]+)", re.I),
)
"""Where passwords stand in addresses, also one that holds an `@` that should have been escaped."""

_held: dict[str, str] = {}


def read_secret(variable: str) -> str:
    """Read an environment variable as a secret, stripped of whitespace and quotation marks; empty if unset."""
    value = os.environ.get(variable, "").strip().strip("\"'").strip()
    hold(value, variable)
    return value


def strip_environment() -> None:
    """Strip whitespace from the secrets in the environment, for classes that read them themselves."""
    for name, value in os.environ.items():
        if _named_like_one(name) and value != value.strip():
            os.environ[name] = value.strip()


def hold(value: str, name: str) -> None:
    """From now on, show `[name]` in place of a value."""
    guard_messages()
    if len(value.strip()) >= SHORTEST:
        _held[value.strip()] = name


def hold_passwords(text: str) -> None:
    """Hold the passwords of the addresses in a text, as they are written there and as they are meant."""
    written = [found for pattern in _IN_ADDRESSES for found in pattern.findall(text)]
    for password in dict.fromkeys(form for each in written for form in (each, unquote(each))):
        hold(password, "password")


def hold_all(made: object, depth: int = DEEPEST_PART) -> None:
    """Hold what an object of somebody else's class keeps as a secret, or under the name of one, and its parts keep."""
    for name, value in getattr(made, "__dict__", {}).items():
        if hasattr(value, "get_secret_value"):
            hold(str(value.get_secret_value()), name)
        elif isinstance(value, str):
            if _named_like_one(name) and len(value) >= SHORTEST_BY_NAME:
                hold(value, name)
        elif hasattr(type(value), "model_fields") and depth > 1:
            hold_all(value, depth - 1)


def scrubbed(text: str) -> str:
    """The text with the name of each secret, in brackets, in its place."""
    long, short = _by_length(frozenset(_known()))
    for value, name in short.items():
        text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", f"[{name}]", text)
    return _without(text, long) if long else text


def shown(error: BaseException) -> BaseException | None:
    """The error as the cause of another: None if its traceback would show a secret."""
    text = "".join(traceback.format_exception(error))
    return error if scrubbed(text) == text else None


@cache
def guard_messages() -> None:
    """Filter what is logged, warned of, and printed of threads that end by an error, from now on."""
    make_record, make_warning = logging.getLogRecordFactory(), warnings.formatwarning

    def record(*arguments: Any, **more: Any) -> logging.LogRecord:
        made = make_record(*arguments, **more)
        with suppress(Exception):  # logging itself reports what cannot be formatted
            _scrub(made)
        return made

    logging.setLogRecordFactory(record)
    warnings.formatwarning = lambda *arguments, **more: scrubbed(make_warning(*arguments, **more))
    threading.excepthook = _log_end_of_thread


def _log_end_of_thread(ended: threading.ExceptHookArgs) -> None:
    if not isinstance(ended.exc_value, SystemExit):
        logging.getLogger(__name__).error("a thread was ended by an error", exc_info=ended.exc_value)


def _scrub(record: logging.LogRecord) -> None:
    message = record.getMessage()
    if (clean := scrubbed(message)) != message:
        record.msg, record.args = clean, None
    if record.exc_info and record.exc_info[1]:
        record.exc_text = scrubbed("".join(traceback.format_exception(record.exc_info[1])).rstrip())


def _known() -> Iterator[tuple[str, str]]:
    """Every secret as (value, name)."""
    for name, value in os.environ.items():
        if _named_like_one(name) and len(value.strip()) >= SHORTEST_BY_NAME:
            yield value.strip(), name
    yield from list(_held.items())


@lru_cache(maxsize=1024)
def _named_like_one(name: str) -> bool:
    return bool(NAMED_LIKE_ONE.search(name))


@lru_cache(maxsize=8)
def _by_length(known: frozenset[tuple[str, str]]) -> tuple[dict[str, str], dict[str, str]]:
    """Every stretch of `WIDTH` characters of long secrets, and short ones whole, each with its name.

    They are looked for as they are, and as they are written in addresses.
    """
    written = sorted({(form, name) for value, name in known for form in (value, quote(value, safe=""))})
    long = {form[start : start + WIDTH]: name for form, name in written for start in range(len(form) - WIDTH + 1)}
    return long, {form: name for form, name in written if len(form) < WIDTH}


def _without(text: str, stretches: dict[str, str]) -> str:
    """The text with the name of a secret for each run of overlapping stretches."""
    kept: list[str] = []
    end = 0
    for start in [at for at in range(len(text) - WIDTH + 1) if text[at : at + WIDTH] in stretches]:
        if start > end or not kept:
            kept += [text[end:start], f"[{stretches[text[start : start + WIDTH]]}]"]
        end = start + WIDTH
    return "".join([*kept, text[end:]])
