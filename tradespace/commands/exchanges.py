"""Prompts as they were sent, with the replies, for `ask` and `questions`."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from tradespace.commands.console import print_labelled
from tradespace.explorer.running.exchanges import Exchange
from tradespace.types import Completion, Failure, Message, ToolCall


def print_exchanges(console: Console, exchanges: Sequence[Exchange]) -> None:
    """Each prompt once, as it was sent, and below it every reply that was drawn from it."""
    replies: dict[tuple[str, tuple[Message, ...]], list[Completion | Failure]] = {}
    for exchange in exchanges:
        replies.setdefault((exchange.model, exchange.messages), []).append(exchange.reply)
    for number, ((model, messages), drawn) in enumerate(replies.items(), 1):
        print_labelled(console, f"prompt {number}", f"to {model}")
        for message in messages:
            print_labelled(console, message.role, _said(message.content, message.tool_calls))
        for reply in drawn:
            print_labelled(console, "reply", _words(reply))


def _words(reply: Completion | Failure) -> str:
    if isinstance(reply, Failure):
        return f"failed: {reply.message}"
    cut = " … (cut off at `max_tokens`)" if reply.finish_reason == "length" else ""
    return f"{_said(reply.text, reply.tool_calls)}{cut}"


def _said(text: str, tool_calls: Sequence[ToolCall]) -> str:
    calls = [f"{call}" for call in tool_calls]
    return "\n".join(filter(None, (text, *calls))) or "(nothing)"
