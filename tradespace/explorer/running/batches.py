"""How many calls are made together: as many as a component likes, and no more text than is soon worked through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tradespace.components.base import Call
from tradespace.types import Request

CHARACTERS = 1_000_000
"""Text of the passages of one batch, about. Between two batches the time is looked at, and what was made is stored: a
document of megabytes must neither outlast the budget together with others, nor fill the memory with them."""


def batches(calls: Iterable[tuple[bytes, Call]], most: int) -> Iterator[dict[bytes, Call]]:
    """Cut the calls of one component, with their keys, into batches of `most` at most, in their order.

    A call whose passages alone hold more text than a batch should have is a batch of its own.
    """
    batch: dict[bytes, Call] = {}
    characters = 0
    for key, call in calls:
        more = _characters(call)
        if batch and (len(batch) == most or characters + more > CHARACTERS):
            yield batch
            batch, characters = {}, 0
        batch[key] = call
        characters += more
    if batch:
        yield batch


def _characters(call: Call) -> int:
    """Of a request's passages. A prompt is no longer than its model reads, and models are asked side by side."""
    if not isinstance(call.request, Request):
        return 0
    return sum(len(passage.text) for passage in call.request.passages)
