"""Thoughts are kept apart from what is said, in whatever form they come."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.components.calls.thoughts import TAG, Written, apart, begins_a_thought, content

WORDS = st.text("abc answer:\n", max_size=20).filter(lambda text: not TAG.search(text))
PIECES = st.lists(st.one_of(WORDS, st.sampled_from(["<think>", "</think>", "[THINK]", "[/THINK]"])), max_size=12)


@pytest.mark.parametrize(
    ("text", "said", "thought"),
    [
        ("<think>\nIs it Paris? answer: Paris\n</think>\n\nRome", "Rome", "Is it Paris? answer: Paris"),
        ("Is it Paris?\n</think>\n\nRome", "Rome", "Is it Paris?"),
        ("<think>Is it Paris? answer: Paris", "", "Is it Paris? answer: Paris"),
        ("<think>a</think>Rome, <think>b</think>Italy", "Rome, Italy", "ab"),
        ("<think>I end with </think> soon.</think>Rome", "Rome", "I end with  soon."),
        ("<think>one <think> two</think>Rome", "Rome", "one  two"),
        ("<THINK>a</THINK>Rome", "Rome", "a"),
        ("<seed:think>a</seed:think>Rome", "Rome", "a"),
        ("<thinking>a</thinking>Rome", "Rome", "a"),
        ("[THINK]a[/THINK]Rome", "Rome", "a"),
        ("<|START_THINKING|>a<|END_THINKING|>Rome", "Rome", "a"),
        ("  Rome thinks <b>so</b>\n", "  Rome thinks <b>so</b>\n", ""),
    ],
)
def test_what_stands_between_tags_is_thought(text: str, said: str, thought: str) -> None:
    """Closed, never opened, never closed, repeated or nested; a text without tags stays as it is."""
    assert apart(text) == Written(said, thought)


def test_a_thought_that_the_prompt_began_ends_where_it_is_closed() -> None:
    """Cut off before that, the whole reply is a thought."""
    assert apart("Is it Paris?</think>Rome", begun=True) == Written("Rome", "Is it Paris?")
    assert apart("Is it Paris? answer: Par", begun=True) == Written("", "Is it Paris? answer: Par")


@given(PIECES, st.booleans())
def test_nothing_is_lost_and_no_tag_is_left(pieces: list[str], begun: bool) -> None:
    """Every letter is either said or thought, and what follows the last closing tag is said."""
    text = "".join(pieces)
    written = apart(text, begun=begun)
    assert not TAG.search(written.text)
    assert sorted("".join((written.text + written.thoughts).split())) == sorted("".join(TAG.sub("", text).split()))


@given(PIECES, WORDS)
def test_the_answer_after_the_thoughts_is_all_that_is_said(pieces: list[str], answer: str) -> None:
    """Whatever was thought."""
    assert apart(f"<think>{''.join(pieces)}</think>{answer}").text.endswith(answer.strip())
    assert (
        apart(f"{''.join(piece for piece in pieces if not TAG.search(piece))}</think>{answer}").text == answer.strip()
    )


@pytest.mark.parametrize(
    ("prompt", "begins"),
    [("user: who?\n<think>\n", True), ("<think></think>", False), ("<think> is a tag", False), ("assistant:", False)],
)
def test_a_prompt_may_begin_a_thought(prompt: str, begins: bool) -> None:
    """As the templates of models that always think do."""
    assert begins_a_thought(prompt) is begins


@pytest.mark.parametrize(
    ("given_content", "said", "thought"),
    [
        ("Rome", "Rome", ""),
        (None, "", ""),
        ([{"type": "text", "text": "Ro"}, {"type": "text", "text": "me"}], "Rome", ""),
        (
            [{"type": "thinking", "thinking": "Paris?", "signature": "x"}, {"type": "text", "text": "Rome"}],
            "Rome",
            "Paris?",
        ),
        ([{"type": "thinking", "thinking": [{"type": "text", "text": "Paris?"}]}, "Rome"], "Rome", "Paris?"),
        ([{"type": "reasoning", "reasoning": "Paris?"}, {"type": "output_text", "text": "Rome"}], "Rome", "Paris?"),
        ([{"type": "reasoning_content", "reasoning_content": {"text": "Paris?"}}], "", "Paris?"),
        ([{"type": "redacted_thinking", "data": "x"}, {"type": "image_url", "image_url": "x"}, 7], "", ""),
    ],
)
def test_parts_of_a_content_have_their_types(given_content: Any, said: str, thought: str) -> None:
    """As Anthropic's, Mistral's, OpenAI's and Bedrock's models name them."""
    assert content(given_content) == Written(said, thought)


def test_a_content_of_another_form_is_refused() -> None:
    """It is no message."""
    with pytest.raises(TypeError, match="a text or a list of parts; given: 7"):
        content(7)
