"""Calls are made in batches that are bounded in number and in text."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tradespace.components.base import Call
from tradespace.components.readers.sentence import SentenceReader
from tradespace.explorer.running.batches import CHARACTERS, batches
from tradespace.types import Passage, Request


def keyed(sizes: list[int]) -> list[tuple[bytes, Call]]:
    """A call for each size: the characters of its only passage."""
    texts = [Passage(str(place), str(place), "x" * size) for place, size in enumerate(sizes)]
    return [(text.id.encode(), Call(SentenceReader(), Request("who?", (text,)))) for text in texts]


@given(st.lists(st.sampled_from([0, 10, CHARACTERS // 3, CHARACTERS, 2 * CHARACTERS]), max_size=12), st.integers(1, 5))
def test_every_call_is_made_once_in_order(sizes: list[int], most: int) -> None:
    """Whatever their sizes: together the batches are the calls, and none of them is empty or too long."""
    calls = keyed(sizes)
    cut = list(batches(calls, most))
    assert [pair for batch in cut for pair in batch.items()] == calls
    assert all(0 < len(batch) <= most for batch in cut)


@given(st.lists(st.sampled_from([10, CHARACTERS // 3, CHARACTERS, 2 * CHARACTERS]), max_size=12))
def test_a_batch_holds_no_more_text_than_its_limit_or_one_call(sizes: list[int]) -> None:
    """A document of megabytes is read alone; short ones go together, as many as fit."""
    places = [[int(key) for key in batch] for batch in batches(keyed(sizes), most=256)]
    assert all(len(batch) == 1 or sum(sizes[place] for place in batch) <= CHARACTERS for batch in places)
    for batch, following in pairwise(places):
        assert sum(sizes[place] for place in [*batch, following[0]]) > CHARACTERS
