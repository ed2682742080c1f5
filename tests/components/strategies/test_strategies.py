"""Strategies find the answer in what a model wrote."""

from __future__ import annotations

import pytest

from tradespace.components.base import answer_of
from tradespace.components.direct import run_directly
from tradespace.components.llms.tiny_reasoner import TinyReasoner
from tradespace.components.strategies.base import ModelCaller, Strategy
from tradespace.components.strategies.cot import ChainOfThought
from tradespace.components.strategies.direct import Direct
from tradespace.types import Answer, Completion, Request


def answered(strategy: Strategy, text: str) -> Answer:
    """What a strategy makes of a model that wrote this text."""
    process = strategy.run(ModelCaller(TinyReasoner(), 10), Request("who ?"))
    written = [Completion(text, 3, 2, "length", log_probability=-1.0)]
    return answer_of(run_directly(process, lambda model: lambda prompts: written))


def test_a_direct_answer_is_the_whole_text() -> None:
    """Without the space around it."""
    assert answered(Direct(), " elton hansha ").text == "elton hansha"


def test_the_answer_of_a_chain_follows_its_last_marker() -> None:
    """What was thought before it is no part of the answer."""
    assert answered(ChainOfThought(), "the mayor is x . answer: y ? no . answer: x").text == "x"


def test_a_chain_that_was_cut_off_has_no_answer() -> None:
    """Half a thought is not taken for an answer."""
    assert answered(ChainOfThought(), "the mayor of greenbury is").text == ""


@pytest.mark.parametrize("strategy", [Direct(), ChainOfThought()])
def test_the_score_is_the_log_probability_per_token(strategy: Strategy) -> None:
    """So that long completions do not look worse than short ones."""
    assert answered(strategy, "answer: x").score == -0.5
