"""Answers are found in what real models wrote."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.components.answers import ANSWER_FORMS, Form, extract, same
from tradespace.components.answers.choice import nearest_option
from tradespace.components.answers.code import program
from tradespace.components.answers.expression import exact_value, numbers_in
from tradespace.components.answers.number import normal_form

WRITTEN: list[tuple[Form, str, str]] = [
    # GSM8K as answered by ZeroEval's and RouteLLM's models
    ("number", 'so she makes 9 * 2 = $18 per day.",\n    "answer": "18"\n}', "18"),
    ("number", '```json\n{\n    "reasoning": "12 guests attend",\n    "answer": "12 * 0.75 = 9"\n}\n```', "9"),
    ("number", '{"reasoning": "short $2.50.",\n    "answer": "-$2.50"\n}\n```', "-2.5"),
    ("number", 'Feed needed = 20 cups",\n    "answer": "20 cups"\n}\n```', "20"),
    ("number", '"answer": "1,080"}', "1080"),
    ("number", "he makes 8*5=<<8*5=40>>40 dollars.\n#### 40\n\n", "40"),
    ("number", "So, there are 7 fish in each aquarium.", "7"),
    ("number", "#### $20.00", "20"),
    ("number", "The number of weeks is \\boxed{1/3}", "1/3"),
    ("number", "What is left is 9 - 7", "7"),
    ("number", "What is left is -7", "-7"),
    ("number", "Here's the reasoning: there is not enough information.", ""),
    # AQuA as answered by GPT-4
    ("choice", "E) None of these", "E"),
    ("choice", "So, the correct answer is E)29 days.", "E"),
    ("choice", "A) 10 white sharpeners and 8 brown sharpeners.", "A"),
    ("choice", "The correct answer is B) $50,000.", "B"),
    ("choice", "0.1144, which is closest to option A) 0.22.", "A"),
    ("choice", "However, none of the given answer options match the calculated area.", ""),
    ("choice", "A train leaves the station.", ""),
    ("choice", "answer: (c)", "C"),
    # primes as answered by GPT-3.5 and GPT-4
    ("yes_no", "[No] \n\nExplanation: ... Therefore, 17077 is a prime number.", "no"),
    ("yes_no", "We find no divisor up to 130.\n\n[Yes]", "yes"),
    ("yes_no", "No", "no"),
    ("yes_no", "Divide 14593 by 137: 14593 ÷ 137 = 106.57 (not a", ""),
    # the game of 24 as played by GPT-4
    ("expression", "30 - 6 = 24 (left: 24)\nAnswer: (10 - 4) * 5 - 6 = 24", "(10 - 4) * 5 - 6"),
    ("expression", "(7 - 1) * (4 - 2) = 24", "(7 - 1) * (4 - 2)"),
    ("expression", "Answer: (6 + 4 - 5) * 8 = 40 (cannot obtain 24)", "(6 + 4 - 5) * 8"),
    ("expression", "Answer: 6 × 4 ÷ (3 - 2) = 24", "6 * 4 / (3 - 2)"),
    ("expression", "Answer: There is no solution to obtain 24.", ""),
    ("expression", "5 * 1 = 24 (not possible)\n\nAnswer: Not possible", ""),
    # the embedded reasoners' chains
    ("span", "the mayor is x . answer: y ? no . answer: elton hansha", "elton hansha"),
    ("span", '**Answer:** "The Saxon Garden."', "The Saxon Garden"),
    ("span", "答案是在文中。\nanswer：「北京」。", "北京"),
    ("span", "Answer: “Saxon Garden”.", "Saxon Garden"),
    ("code", "Sure:\n```python\ndef f():\n    return 1\n```\nDone.", "def f():\n    return 1"),
    ("code", "    return 1\n\n", "    return 1"),
]


@pytest.mark.parametrize(("form", "text", "answer"), WRITTEN)
def test_the_answer_is_found_in_its_normal_form(form: Form, text: str, answer: str) -> None:
    """Texts are as the models wrote them, cut to their ends."""
    assert extract(text, form) == answer


@given(text=st.text(max_size=80), form=st.sampled_from(sorted(ANSWER_FORMS)))
def test_extraction_of_an_answer_is_that_answer(text: str, form: Form) -> None:
    """Whatever the text: nothing raises, and what was extracted is its own normal form's answer."""
    answer = extract(text, form)
    if form in ("number", "choice", "yes_no", "expression"):
        assert extract(answer, form) == answer


@given(value=st.fractions(max_denominator=10**6))
def test_a_written_number_is_that_number(value: Fraction) -> None:
    """Exactly, and the extraction reads it back."""
    assert Fraction(normal_form(value)) == value
    assert same(extract(normal_form(value), "number"), normal_form(value), "number")


@pytest.mark.parametrize(
    ("form", "left", "right"),
    [("number", "2.5", "5/2"), ("span", "The Saxon Garden", "saxon garden"), ("code", "f( 1 )  # one", "f(1)")],
)
def test_the_same_answer_written_otherwise_is_the_same(form: Form, left: str, right: str) -> None:
    """So that votes for it add up."""
    assert same(left, right, form)


@pytest.mark.parametrize("form", ANSWER_FORMS)
def test_no_answer_is_no_vote(form: Form) -> None:
    """Two models that gave no answer do not agree on one."""
    assert not same("", "", form)


def test_the_value_of_an_expression_is_exact() -> None:
    """The puzzle 3 3 8 8 needs thirds; division by zero and names have no value."""
    assert exact_value("8 / (3 - 8 / 3)") == 24
    assert exact_value("8 / (3 - 3)") is None
    assert exact_value("2 ** 9999999") is None
    assert exact_value("__import__('os')") is None


def test_numbers_of_an_expression_are_counted() -> None:
    """A number that is used twice occurs twice; a sign is no part of it."""
    assert numbers_in("(3 - -8) * 3") == [3, 3, 8]


def test_a_result_chooses_the_nearest_option() -> None:
    """Programs compute more digits than the options are written with."""
    assert nearest_option("78.21", ["A)$61", "B)$65", "C)$67.40", "D)$70", "E)$78.20"]) == "E"
    assert nearest_option("3", ["A)none", "B)all"]) == ""


def test_an_indented_answer_goes_on_the_questions_program() -> None:
    """As completions of a function's head do."""
    assert program("def one():\n", "    return 1") == "def one():\n    return 1"
    assert program("def one():\n", "def one(): return 1") == "def one(): return 1"
