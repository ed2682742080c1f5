"""What a server means by a refusal: which parameter it does not take, or else what its user can do about it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from tradespace import secrets
from tradespace.errors import ComponentError

OTHER_NAME = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}
"""Parameters with two names; servers know one of them, or both."""
PARAMETERS = (
    "temperature",
    "top_p",
    "stop",
    "seed",
    "n",
    "logprobs",
    "stream",
    "stream_options",
    "dimensions",
    *OTHER_NAME,
)
"""What a request may omit: the server's own default then applies."""
CHOSEN = {"temperature", "top_p", *OTHER_NAME}
"""Parameters whose values are the user's choice: one that is out of range is not silently replaced by a default."""
PASSING_STATUSES = {408, 409, 425, 429}
"""HTTP statuses below 500 that may pass."""
ADAPTABLE = {400, 403, 422, 501}
"""HTTP statuses of a server that does not take a parameter."""
QUOTED = 300
"""Characters of a reply that a message quotes."""

NO_CREDIT = "The account has nothing left: add credit at the provider or choose another model, and explore again"
TOO_LONG = "The request is too long: fewer or shorter passages or examples, or fewer tokens to write, make it fit"
NO_TOOLS = "If the server gives this model no tools, say `protocol: text` of the agent"
NO_SCHEMAS = "If the server can't hold this model to a JSON Schema, set `structured: false`"
UNKNOWN_FIELD_ADVICE = "What this server does not know can be named in `leave_out`, and what it needs in `extra`"
ADVICE = {
    400: "{fields}",
    401: "The server does not accept the key, which is read from {key}",
    402: NO_CREDIT,
    403: "The key, which is read from {key}, has no right to this",
    404: "There is no such model or address: compare `model` and `base_url`, which ends in `/v1` for most servers",
    413: TOO_LONG,
    422: "{fields}",
}
"""What to do about a refusal, by its HTTP status, where its text does not tell more."""

_QUOTA = re.compile(r"insufficient[ _](quota|balance|credit|funds)|credit balance|billing[ _]hard[ _]limit", re.I)
_KEY = re.compile(
    r"\b(API|authentication)[ _]key[ _](is )?(not valid|invalid|not found)|invalid[ _](x-)?api[ -_]key", re.I
)
_TOO_LONG = re.compile(
    r"context[ _]?(length|window|size)|maximum context|prompt is too long|too many (input )?tokens|input is too long"
    r"|exceeds the maximum number of tokens",
    re.I,
)
_RANGE = re.compile(
    r"at most|at least|less than|greater than|between|range|exceed|too (large|high|low)|maximum|[<>]=", re.I
)
_UNKNOWN_FEATURES = {
    re.compile(r"\btools?\b", re.I): NO_TOOLS,
    re.compile(r"response_?format|json_?schema|output_config|structured output", re.I): NO_SCHEMAS,
}
_ADVICE_BY_TEXT = {_QUOTA: NO_CREDIT, _TOO_LONG: TOO_LONG, _KEY: ADVICE[401]}
_PARAPHRASED = {"n": r"completion choice", "logprobs": r"log[- ]?prob(s|abilit)"}


class UnavailableError(ComponentError):
    """A request failed in a way that may pass: it is worth asking again, after `pause` seconds where that was told."""

    def __init__(self, message: str, pause: float | None = None) -> None:
        super().__init__(message)
        self.pause = pause


class ParameterRefusedError(ComponentError):
    """The server does not take a parameter of the request, by its name: it can be asked again without."""

    def __init__(self, message: str, name: str) -> None:
        super().__init__(message)
        self.name = name


@dataclass(frozen=True, slots=True)
class Refusal:
    """An HTTP reply that is no success.

    Attributes:
        status: its HTTP status.
        text: its body.
        headers: by name, in lower case.
    """

    status: int
    text: str
    headers: Mapping[str, str]

    def error(self, sent: Mapping[str, Any], key: str, fields: str = UNKNOWN_FIELD_ADVICE) -> ComponentError:
        """The error that fits: worth asking again, worth asking again without a parameter, or final, with advice.

        Args:
            sent: the parameters that the request had.
            key: where its key comes from, in words.
            fields: what to do where the server misses a field, or does not know one, in words.
        """
        said = f"HTTP {self.status}: {quoted(self.text)}"
        if self._may_pass():
            return UnavailableError(said, retry_after(self.headers))
        name = self._parameter(sent)
        if name and _adaptable(name, sent[name], self.text):
            return ParameterRefusedError(said, name)
        advice = self._advice(name, key, fields)
        return ComponentError(f"{said}. {advice}" if advice else said)

    def _may_pass(self) -> bool:
        if self.status in PASSING_STATUSES:
            return not _QUOTA.search(self.text)
        return self.status >= 500 and self.status != 501 and not _TOO_LONG.search(self.text)

    def _parameter(self, sent: Mapping[str, Any]) -> str | None:
        """The first parameter of the request that the reply names."""
        if self.status not in ADAPTABLE or _QUOTA.search(self.text) or _TOO_LONG.search(self.text):
            return None
        try:
            reply = json.loads(self.text)
            declared = [name for name in _declared(reply) if name in sent]
            return declared[0] if declared else _first_named(" ".join(_messages(reply)), sent)
        except (ValueError, RecursionError):
            return _first_named(self.text, sent)

    def _advice(self, name: str | None, key: str, fields: str) -> str:
        known = _ADVICE_BY_TEXT | (_UNKNOWN_FEATURES if self.status in ADAPTABLE else {})
        said = [advice for pattern, advice in known.items() if pattern.search(self.text)]
        if said:
            return said[0].format(key=key)
        if name:
            return f"Give a value for `{name}` that the server takes, or name it in `leave_out`"
        if self.status < 400:
            return f"The server has moved: make {self.headers.get('location', 'its new address')!r} the `base_url`"
        return ADVICE.get(self.status, "").format(key=key, fields=fields)


def refused_parameter(message: str, sent: Mapping[str, Any]) -> str | None:
    """The first parameter of a request that a message names as one that is not taken; None where there is none, or its
    value is at fault.

    >>> refused_parameter("`temperature` is not supported", {"temperature": 0.8})
    'temperature'
    """
    name = _first_named(message, sent)
    return name if name and _adaptable(name, sent[name], message) else None


def quoted(text: str) -> str:
    """The beginning of a reply, without secrets: some servers quote the key back. Cut off after, not before."""
    return repr(secrets.scrubbed(text[: 2 * QUOTED])[:QUOTED])


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that a server asks to wait, given as a number or as a date (RFC 9110, 10.2.3); None if it doesn't.

    >>> retry_after({"retry-after": "1.5"}), retry_after({"retry-after": "soon"}), retry_after({})
    (1.5, None, None)
    """
    retry_after = headers.get("retry-after", "")
    try:
        return max(0.0, float(retry_after))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def _adaptable(name: str, value: Any, message: str) -> bool:
    """Whether asking without a parameter that is refused does what the user wants."""
    return name not in CHOSEN or value == 0 or not _RANGE.search(message)


def _declared(reply: Any) -> Iterator[str]:
    """Names in the places that servers have for them: OpenAI's `param`, FastAPI's `loc`."""
    for part in _parts(reply):
        yield from (str(part[field]) for field in ("param", "parameter") if part.get(field))
        location = part.get("loc")
        yield from map(str, location if isinstance(location, list) else [])


def _messages(reply: Any) -> Iterator[str]:
    if isinstance(reply, str):
        yield reply
    for part in _parts(reply):
        yield from (part[field] for field in ("message", "msg", "detail", "error") if isinstance(part.get(field), str))


def _parts(reply: Any) -> Iterator[dict[str, Any]]:
    """Every JSON object in a reply, outermost first."""
    if isinstance(reply, dict):
        yield reply
    for value in reply.values() if isinstance(reply, dict) else reply if isinstance(reply, list) else ():
        yield from _parts(value)


def _first_named(message: str, sent: Mapping[str, Any]) -> str | None:
    places = {name: match.start() for name in PARAMETERS if name in sent and (match := _pattern(name).search(message))}
    return min(places, key=lambda name: places[name], default=None)


def _pattern(name: str) -> re.Pattern[str]:
    """How messages name a parameter: a letter alone only in quotation marks or before an operator."""
    bare = rf"\b{name}\b(?=\s*(=|>|:|must|is|should|parameter))" if len(name) == 1 else rf"(?<![\w.]){name}(?!\w)"
    also = f"|{_PARAPHRASED[name]}" if name in _PARAPHRASED else ""
    return re.compile(rf"['\"`]{name}['\"`]|{bare}{also}")
