"""Prompts that differ in their sample alone are drawn together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tradespace.components.llms.base import in_groups, sample_runs
from tradespace.types import Completion, Message, Prompt

PROMPTS = [Prompt((Message("user", text),)) for text in "ab"]
prompts = st.lists(st.builds(lambda prompt, n: replace(prompt, sample=n), st.sampled_from(PROMPTS), st.integers(0, 9)))


def drawn(prompt: Prompt, count: int) -> Sequence[Completion]:
    """A model that says which sample of which prompt it draws."""
    return [Completion(f"{prompt.messages[0].content}{prompt.sample + n}", 1, 1) for n in range(count)]


@given(asked=prompts)
def test_every_prompt_gets_its_own_sample(asked: list[Prompt]) -> None:
    """Whatever the order and however often it is asked for."""
    assert [completion.text for completion in in_groups(drawn)(asked)] == [
        f"{p.messages[0].content}{p.sample}" for p in asked
    ]


@given(asked=prompts)
def test_no_sample_is_drawn_twice_or_unasked(asked: list[Prompt]) -> None:
    """Runs cover the distinct prompts and nothing else."""
    covered = [replace(first, sample=first.sample + n) for first, count in sample_runs(asked) for n in range(count)]
    assert len(covered) == len(set(covered))
    assert set(covered) == set(asked)


def test_consecutive_samples_are_one_run() -> None:
    """So that a model reads the prompt once for all of them."""
    (first,) = PROMPTS[:1]
    assert sample_runs([replace(first, sample=n) for n in (2, 0, 1, 3)]) == [(first, 4)]
