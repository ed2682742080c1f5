"""Servers that speak OpenAI's interface: where they are, the key for them, and what they say when they refuse."""

from __future__ import annotations

from abc import ABC
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from tradespace import secrets
from tradespace.components.remote.caller import RemoteCaller
from tradespace.components.remote.refusals import PARAMETERS, UNKNOWN_FIELD_ADVICE, Refusal, UnavailableError, quoted
from tradespace.errors import ComponentError

if TYPE_CHECKING:
    from httpx import AsyncClient, Response

OPENAI = "https://api.openai.com/v1"
LONGEST_REFUSAL = 100_000
"""Characters of a refusal that are read."""


class OpenAIServer(RemoteCaller, ABC):
    """The key is read from the environment when the model is opened, and is kept nowhere."""

    unkeyed: ClassVar[frozenset[str]] = RemoteCaller.unkeyed | {"key_variable"}

    unknown_field_advice: ClassVar[str] = UNKNOWN_FIELD_ADVICE

    base_url: str = Field(default=OPENAI, description="the server's address, as in `http://localhost:8000/v1`")
    key_variable: str = Field(
        default="OPENAI_API_KEY",
        pattern=r"^[A-Za-z_][A-Za-z0-9_]*$",
        description="the environment variable that holds the key; if it is unset, no key is sent",
    )

    @field_validator("base_url")
    @classmethod
    def _no_secrets(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.query:
            raise ValueError("must be http:// or https:// with a host, without user name, password or query")
        return url.rstrip("/")

    @property
    def address(self) -> str:
        return urlsplit(self.base_url).netloc

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or ""

    def key_header(self) -> dict[str, str]:
        """The header that requests have for the key; none where the server is sent no key.

        Raises:
            ComponentError: there is none where one is needed, or it cannot be one; it is not quoted.
        """
        key = secrets.read_secret(self.key_variable)
        if not key and self.base_url == OPENAI:
            raise ComponentError(f"{self.base_url} needs a key: set the environment variable {self.key_variable}")
        for place, character in enumerate(key, start=1):
            if not "!" <= character <= "~":
                raise ComponentError(
                    "a key must be visible ASCII characters in one piece; the one in the environment variable "
                    f"{self.key_variable} has U+{ord(character):04X} at place {place} of {len(key)}: set it again"
                )
        return {"Authorization": f"Bearer {key}"} if key else {}

    def client(self, read: Callable[[Response], Awaitable[None]], encoding: str) -> AsyncClient:
        """What sends requests; `read` is handed each response first, and `encoding` is how replies may be packed.

        Raises:
            ComponentError: as for `key_header`.
        """
        from httpx import AsyncClient, Timeout

        return AsyncClient(
            base_url=self.base_url,
            headers=self.key_header() | {"Accept-Encoding": encoding},
            timeout=Timeout(self.timeout),
            event_hooks={"response": [read]},
        )

    def refusal(self, response: Response, sent: Mapping[str, Any]) -> ComponentError:
        """The error that a reply stands for that is no success; `sent` are fields that a request may omit."""
        parameters = {name: sent[name] for name in PARAMETERS if name in sent}
        set_or_not = "" if secrets.read_secret(self.key_variable) else ", which is not set"
        refusal = Refusal(response.status_code, response.text[:LONGEST_REFUSAL], response.headers)
        key = f"the environment variable {self.key_variable}{set_or_not}"
        return refusal.error(parameters, key, self.unknown_field_advice)


@contextmanager
def explained_losses() -> Iterator[None]:
    """Turn what the HTTP library raises about a connection into an `UnavailableError`."""
    from httpx import HTTPError

    try:
        yield
    except HTTPError as error:
        raise UnavailableError(f"{type(error).__name__}: {error}".rstrip(": ")) from None


def json_of(response: Response) -> Any:
    """The JSON of a reply.

    Raises:
        UnavailableError: it is none.
    """
    try:
        return response.json()
    except (ValueError, RecursionError):
        raise UnavailableError(f"a reply must be JSON; given: {quoted(response.text)}") from None


def counted_tokens(reply: Mapping[str, Any], name: str) -> int | None:
    """A number of tokens, by its name in the `usage` of a reply; None where the server tells none."""
    usage = reply.get("usage")
    count = usage.get(name) if isinstance(usage, Mapping) else None
    return count if isinstance(count, int) and count >= 0 else None
