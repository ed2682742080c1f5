"""Answers that have a form are scored by what they come to."""

from __future__ import annotations

import pytest

from tradespace.data import load_dataset
from tradespace.evals.measures import MEASURES, measure
from tradespace.evals.measures.form import FormMeasure
from tradespace.types import Answer, Question

HEAD = "def double(n):\n"
CASES = [
    ("answer_number", "Ducks?", "18", "She makes $18.00 a day.\n#### 18.00", "#### 81"),
    ("answer_choice", "How much?\nA)$61\nB)$65\nE)$78.20", "E", "The answer is E) $78.20", "The answer is B."),
    ("answer_choice", "How much?\nA)$61\nB)$65\nE)$78.20", "E", "78.21", "64.9"),
    ("answer_yes_no", "Is 7 prime?", "yes", "[Yes] It has no divisors.", "[No]"),
    ("answer_expression", "4 5 6 10", "= 24", "Answer: (10 - 4) * 5 - 6 = 24", "Answer: 6 * 4 = 24"),
    ("answer_expression", "3 3 8 8", "= 24", "8 / (3 - 8 / 3)", "8 * 3 + 8 - 3"),
    ("answer_code", HEAD, "assert double(2) == 4", "    return 2 * n", "    return 3 * n"),
    (
        "answer_code",
        HEAD,
        "assert double(2) == 4",
        "```python\ndef double(n): return n + n\n```",
        "    while True: pass",
    ),
]


@pytest.mark.parametrize(("name", "text", "accepted", "right", "wrong"), CASES)
def test_the_right_answer_scores_one_and_a_wrong_one_zero(
    name: str, text: str, accepted: str, right: str, wrong: str
) -> None:
    """However it is written; no answer at all is missing."""
    question = Question("1", text, (accepted,))
    answers = [Answer(right, 0.0), Answer(wrong, 0.0), Answer("", 0.0), None]
    assert measure(name).score([question] * 4, [None] * 4, answers) == [1.0, 0.0, 0.0, None]


@pytest.mark.parametrize(
    ("dataset", "name"),
    [
        ("game24", "answer_expression"),
        ("aqua", "answer_choice"),
        ("humaneval", "answer_code"),
        ("gsm8k", "answer_number"),
        ("primes", "answer_yes_no"),
        ("wikipedia", ""),
    ],
)
def test_a_dataset_has_the_measure_of_its_form(dataset: str, name: str) -> None:
    """And no other: a number in a text about documents is found, not computed."""
    forms = [measure for measure in MEASURES if isinstance(measure, FormMeasure)]
    questions = load_dataset(dataset).questions
    assert [form.name for form in forms if any(map(form.applies_to, questions))] == ([name] if name else [])
    assert not name or all(map(measure(name).applies_to, questions))
