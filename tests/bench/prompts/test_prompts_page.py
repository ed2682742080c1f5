"""The page says of a difference what its interval shows, and no more; prompts are named in words."""

from __future__ import annotations

import pytest

from bench.prompts.comparison import told
from bench.prompts.page import verdict
from tradespace.components.base import Pipeline
from tradespace.components.notation import parse
from tradespace.evals.statistics import DIFFERENCES, means


@pytest.mark.parametrize(
    ("differences", "said"),
    [
        ([0.5, 0.4, 0.6] * 20, "excludes 0: the found prompt is better"),
        ([-0.5, -0.4, -0.6] * 20, "excludes 0: the found prompt is worse"),
        ([0.5, -0.5, 0.1] * 20, "holds 0: it is not shown"),
        ([0.0] * 60, "holds 0: it is not shown"),
    ],
)
def test_the_verdict_is_that_of_the_interval(differences: list[float], said: str) -> None:
    """Better or worse where the interval excludes 0, else neither."""
    assert said in verdict(means([differences], within=DIFFERENCES)[0])


def pipeline(prompt: str) -> Pipeline:
    """A pipeline with this prompt."""
    return parse(f"bm25() >> llm(prompt={prompt})")


def test_prompts_are_told_in_words() -> None:
    """The instruction, and how many examples are shown: at most all that there are."""
    assert told(pipeline("standard()")) == ("(that of the preset)", "none")
    assert told(pipeline("standard(examples=given())")) == ("(that of the preset)", "none")
    pairs = "pairs=(('a?', 'b'),)"
    assert told(pipeline(f"standard(instruction='Copy.', examples=given({pairs}, shots=3))")) == ("Copy.", "1 fixed")
    nearest = f"standard(examples=given({pairs}, shots=2, choose='nearest'))"
    assert told(pipeline(nearest)) == ("(that of the preset)", "1 nearest")
