"""What a language model sent back, judged: is it an answer, and if not, why not?

The one place for it, whatever the model's interface: nothing at all, a refusal, or thoughts without an end are no
answers. Taken for empty answers, they would be right wherever the right answer is that there is none.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from tradespace.components.calls.thoughts import apart
from tradespace.types import Completion, NoAnswer, Prompt

Heard = Completion | NoAnswer
"""A reply that was judged."""
CUT_OFF = frozenset({"length", "max_tokens", "model_length", "max_output_tokens", "model_context_window_exceeded"})
"""What servers call the end of a completion that was cut off, in lower case."""
FOR_A_TOOL = frozenset({"tool_calls", "tool_use", "function_call"})
"""The end of a completion that asks for a tool, in lower case."""
WITHHELD = FOR_A_TOOL | {
    "content_filter", "content_filtered", "refusal", "safety", "recitation", "blocklist", "prohibited_content", "spii",
    "guardrail_intervened", "error_toxic", "error", "language", "other", "malformed_function_call",
    "unexpected_tool_call",
}  # fmt: skip
"""Ends after which what came is not what the model would have answered, in lower case."""


def finish(reason: object) -> Literal["stop", "length"]:
    """Whether a completion ended by itself or was cut off, by the name that its server has for that.

    >>> finish("MAX_TOKENS"), finish("end_turn"), finish(None)
    ('length', 'stop', 'stop')
    """
    return "length" if str(reason).lower() in CUT_OFF else "stop"


def end_by_length(prompt: Prompt, tokens_out: int | None) -> str | None:
    """What ended a completion whose server does not say: its length, if it is as long as it might be."""
    return "length" if tokens_out is not None and tokens_out >= prompt.max_tokens else None


def heard(
    prompt: Prompt, completion: Completion, *, reason: object = None, refusal: object = None, begun: bool = False
) -> Heard:
    """A completion with its thoughts set apart, or why it is no answer to the prompt.

    `reason` is what its server says that ended it, `refusal` what it says instead of an answer; `begun` tells that the
    prompt ended within a thought.
    """
    written = apart(completion.text, begun=begun)
    thoughts = "\n".join(filter(None, (completion.thoughts, written.thoughts)))
    kept = replace(completion, text=written.text, thoughts=thoughts)
    fault = _fault(prompt, kept, reason, refusal)
    return NoAnswer(fault, kept) if fault else kept


def _fault(prompt: Prompt, completion: Completion, reason: object, refusal: object) -> str:
    """Why a completion is no answer; empty where it is one."""
    if str(reason).lower() in (WITHHELD - FOR_A_TOOL if completion.tool_calls else WITHHELD):
        return f"the reply was withheld: it ended with {reason!r}"
    if refusal:
        return f"the model refuses to answer: {str(refusal)[:300]!r}"
    if completion.text.strip() or completion.tool_calls:
        return ""
    if completion.finish_reason == "length":
        where = "while it was still thinking" if completion.thoughts else "before it had written anything to read"
        return (
            f"the reply was cut off at max_tokens={prompt.max_tokens} {where}: raise `max_tokens` or, where the model "
            "can be told, let it think less"
        )
    if completion.thoughts:
        return "the reply holds thoughts, but no answer after them"
    return "" if prompt.may_be_empty else "the reply is empty"
