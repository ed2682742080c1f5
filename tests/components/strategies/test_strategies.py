"""Strategies find the answer in what a model wrote."""

from __future__ import annotations

from tradespace.components.strategies.cot import ChainOfThought
from tradespace.components.strategies.direct import Direct


def test_a_direct_answer_is_the_whole_text() -> None:
    """Without the space around it."""
    assert Direct().answer(" elton hansha ") == "elton hansha"


def test_the_answer_of_a_chain_follows_its_last_marker() -> None:
    """What was thought before it is no part of the answer."""
    assert ChainOfThought().answer("the mayor is x . answer: y ? no . answer: x") == "x"


def test_a_chain_that_was_cut_off_has_no_answer() -> None:
    """Half a thought is not taken for an answer."""
    assert ChainOfThought().answer("the mayor of greenbury is") == ""
