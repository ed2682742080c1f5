"""How many tokens a completion and its prompt have: as its server says, else an estimate that is marked as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tradespace.types import Completion, Message, Prompt

BYTES_PER_TOKEN = 4
"""Of UTF-8: what providers say of English, and near enough for scripts whose characters take three or four bytes."""


def estimated_tokens(text: str) -> int:
    """About how many tokens a text has, whichever model reads or writes it.

    >>> estimated_tokens("how old is marina ?"), estimated_tokens("北京"), estimated_tokens("")
    (5, 2, 0)
    """
    return -(-len(text.encode(errors="replace")) // BYTES_PER_TOKEN)


def estimated_prompt(messages: Sequence[Message]) -> int:
    """About how many tokens a chat has; what a chat template adds is left out."""
    return estimated_tokens("".join(message.content for message in messages))


def with_counts(completion: Completion, prompt: Prompt, tokens_in: int | None, tokens_out: int | None) -> Completion:
    """The completion with the tokens that its server tells, estimated where it tells none, or 0 of a text."""
    written = completion.thoughts + completion.text + "".join(call.arguments for call in completion.tool_calls)
    return replace(
        completion,
        tokens_in=tokens_in or estimated_prompt(prompt.messages),
        tokens_out=tokens_out or estimated_tokens(written),
        tokens_estimated=not (tokens_in and (tokens_out or not written)),
    )
