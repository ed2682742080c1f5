"""Questions that ask the same are told from others."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.explorer.generating.duplicates import AskedQuestions, resemblance, text_pieces

ASKED = "When was the Kestrel Bridge opened to the public?"


@pytest.mark.parametrize(
    "text",
    [
        ASKED,
        "when was the kestrel bridge  opened to the public",
        "So when was the Kestrel Bridge opened to the public?",
    ],
)
def test_nearly_the_same_words_ask_the_same(text: str) -> None:
    """Letter case, punctuation, spaces and a word more or less play no part."""
    asked = AskedQuestions()
    asked.add(ASKED)
    assert asked.knows(text)


@pytest.mark.parametrize("text", ["Who opened the Osprey Tunnel?", "When was the Osprey Tunnel closed?", "", "?"])
def test_other_words_ask_something_else(text: str) -> None:
    """About something else, or the other way round."""
    asked = AskedQuestions()
    asked.add(ASKED)
    assert not asked.knows(text)


def test_the_same_fact_is_the_same_question() -> None:
    """In whatever words; no fact is the same as none."""
    asked = AskedQuestions()
    asked.add("Who built it?", ("heron.md", 0, "nora berg"))
    asked.add("Is it old?", None)
    assert asked.knows("By whom was the Heron erected?", ("heron.md", 0, "nora berg"))
    assert not asked.knows("By whom was the Osprey erected?", None)


@given(st.text(max_size=40), st.text(max_size=40))
def test_resemblance_is_the_share_of_common_pieces(left: str, right: str) -> None:
    """As counted one by one; from 0 to 1, and the same both ways."""
    first, second = text_pieces(left), text_pieces(right)
    counted = Counter([*first, *second])
    common = sum(number == 2 for number in counted.values())
    expected = common / len(counted) if first and second else 0.0
    assert resemblance(first, second) == resemblance(second, first) == expected
    assert 0 <= expected <= 1
