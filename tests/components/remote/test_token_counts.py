"""Tokens are those that a server tells, or an estimate that is marked as one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.components.remote.token_counts import estimated_prompt, estimated_tokens, with_counts
from tradespace.types import Completion, Message, Prompt

PROMPT = Prompt((Message("system", "think"), Message("user", "how old is marina ?")))


@given(first=st.text(), second=st.text())
def test_longer_texts_have_more_tokens(first: str, second: str) -> None:
    """An estimate grows with the text, and is 0 for nothing alone."""
    assert estimated_tokens(first) <= estimated_tokens(first + second)
    assert (estimated_tokens(first) == 0) is (first == "")


def test_scripts_of_wide_characters_are_not_counted_for_a_quarter() -> None:
    """A token for four characters is English; a character of Chinese is nearly a token of its own."""
    assert estimated_tokens("東京の天気はどうですか" * 4) == 33
    assert estimated_tokens("abcd" * 4) == 4


@pytest.mark.parametrize(
    ("tokens_in", "tokens_out", "estimated"),
    [(9, 4, False), (None, 4, True), (9, None, True), (0, 4, True), (9, 0, True), (None, None, True)],
)
def test_what_is_not_told_is_estimated_and_marked(
    tokens_in: int | None, tokens_out: int | None, estimated: bool
) -> None:
    """Thoughts are written too."""
    counted = with_counts(Completion("Rome", 0, 0, thoughts="Paris?"), PROMPT, tokens_in, tokens_out)
    assert counted.tokens_in == (tokens_in or estimated_prompt(PROMPT.messages))
    assert counted.tokens_out == (tokens_out or 3)
    assert counted.tokens_estimated is estimated


def test_no_text_has_no_tokens_without_an_estimate() -> None:
    """A server that says 0 of nothing is believed."""
    assert not with_counts(Completion("", 0, 0), PROMPT, 9, 0).tokens_estimated
