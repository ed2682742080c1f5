"""The solver works out what it can, rejects the rest with a reason, and runs nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.components.strategies.propose_and_verify import judged
from tradespace.components.strategies.solver import RejectedError, false_equations, solve, value
from tradespace.testing.strategy_contract import HATS


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("49 + 29", "78"),
        ("3 * (4 + 10) / 4", "10.5"),
        ("1 / 3", "1/3"),
        ("2 ^ 10", "1024"),
        ("$1,000 × 3", "3000"),
        ("-(2 - 5)", "3"),
        ("0.1 + 0.2", "0.3"),
        ("x + 3 = 10", "x = 7"),
        ("x + y = 10, x - y = 4", "x = 7, y = 3"),
        ("price = 1,000, half = price / 2", "half = 500, price = 1000"),
        ("2 + 2 = 4", "2 + 2 = 4"),
    ],
)
def test_expressions_and_linear_equations_are_solved_exactly(text: str, result: str) -> None:
    """Without rounding, and written as people write numbers."""
    assert solve(text) == result


@given(st.integers(-99, 99), st.integers(-99, 99), st.integers(1, 99), st.sampled_from("+-*"))
def test_values_agree_with_python(first: int, second: int, third: int, sign: str) -> None:
    """On whatever Python computes with whole numbers."""
    text = f"({first} {sign} {second}) * {third}"
    assert value(text) == str(eval(text))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no arithmetic expression"),
        ("elton hansha", "no arithmetic expression"),
        ("elton", "expression of numbers"),
        ("1 / 0", "divide by zero"),
        ("0 ** -1", "divide by zero"),
        ("9 ** 9 ** 9 ** 9", "moderate size"),
        ("((2 ** 64) ** 64) ** 64", "moderate size"),
        ("1e999", "only numbers"),
        ("__import__('os').system('true')", "only numbers"),
        ("(lambda: 1)()", "only numbers"),
        ("True + 1", "only numbers"),
        ("x * y = 4", "linear"),
        ("1 / x = 2", "linear"),
        ("x = 1, x = 2", "no solution"),
        ("x + y = 3", "more than one solution"),
        ("2 = 3", "this is false"),
        ("a = b = c", "two sides"),
        ("1 + " * 200 + "1", "300 characters"),
        ("(" * 290, "no arithmetic expression"),
    ],
)
def test_what_cannot_be_solved_is_rejected_with_a_reason(text: str, reason: str) -> None:
    """The reason is told to the model."""
    with pytest.raises(RejectedError, match=reason):
        solve(text)


@pytest.mark.parametrize(
    ("text", "false"),
    [
        ("64 + 87: 4 + 7 = 11, 6 + 8 + 1 = 15. answer: 151", []),
        ("16 - 9 = 7, 7 - 2 - 0 = 05.", []),
        ("12 * 3 = 35, then 35 + 1 = 36.", ["12 * 3 = 35"]),
        ("He pays 2 + 2 = 5.", ["2 + 2 = 5"]),
        ("in 1999-2000 = the year", []),
        ("x + 2 = 5", []),
    ],
)
def test_false_equations_in_a_chain_are_found(text: str, false: list[str]) -> None:
    """Only what is plainly an equation of numbers is checked."""
    assert false_equations(text) == false


@pytest.mark.parametrize(
    ("proposal", "answer", "reply"),
    [
        ("hats of ada are 3. answer: 3 + 4", "7", ""),
        ("answer: Ada", "Ada", ""),
        ("calculate: 3 + 4", "", "the solver finds: 7"),
        ("calculate: x + 3 = 4\nand so on", "", "the solver finds: x = 1"),
    ],
)
def test_a_proposal_is_an_answer_or_a_step(proposal: str, answer: str, reply: str) -> None:
    """An answer stands if it has a value or is in a passage; of a step the solver says what follows."""
    assert judged(proposal, HATS) == (answer, reply)


@pytest.mark.parametrize(
    "proposal", ["answer: Zoe", "answer: unknown", "3 + 4 = 8. answer: 8", "let me think", "calculate:"]
)
def test_a_proposal_that_does_not_stand_is_rejected(proposal: str) -> None:
    """Words that are in no passage, chains with false equations, and talk."""
    with pytest.raises(RejectedError):
        judged(proposal, HATS)
