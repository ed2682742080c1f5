"""Keeping a server's prompt cache out of what is timed, and reading what it says of it.

A server that has just read a prompt answers it again without reading it: llama.cpp from the slot that read it, vLLM and
SGLang from blocks that they keep (Kwon et al. 2023). In service every question comes for the first time.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from tradespace.components.remote.refusals import ParameterRefusedError, UnavailableError
from tradespace.errors import ComponentError

Body = Mapping[str, Any]


def unkept() -> dict[str, Any]:
    """Fields that make a server process a prompt from scratch: first llama.cpp's, then that of vLLM and SGLang,
    which share their prefix cache between requests of the same salt only. Other servers mostly ignore both."""
    return {"cache_prompt": False, "cache_salt": token_hex(16)}


@dataclass
class FreshPrompts:
    """Sends requests whose prompts are processed from scratch.

    Attributes:
        send: sends a body and returns the reply.
        refused: whether the server takes no such fields; it is then asked without.
    """

    send: Callable[[Body], Awaitable[Any]]
    refused: bool = False

    async def __call__(self, body: Body) -> Any:
        """Send one body.

        Raises:
            ComponentError: as `send` does.
        """
        if self.refused:
            return await self.send(body)
        try:
            return await self.send({**body, **unkept()})
        except (UnavailableError, ParameterRefusedError):
            raise
        except ComponentError:
            reply = await self.send(body)
            self.refused = True  # it was the fields that it did not take, for it takes the rest
            return reply


def tokens_kept(reply: Any) -> int | None:
    """Tokens of the prompt that a server did not read again, by its reply; None where it does not say.

    >>> tokens_kept({"usage": {"prompt_tokens_details": {"cached_tokens": 12}}})
    12
    >>> tokens_kept({"timings": {"cache_n": 0}}), tokens_kept({"usage": {"prompt_tokens": 40}})
    (0, None)
    """
    for section, *route in (("usage", "prompt_tokens_details", "cached_tokens"), ("timings", "cache_n")):
        value = reply.get(section)
        for name in route:
            value = value.get(name) if isinstance(value, dict) else None
        if isinstance(value, int):
            return value
    return None
