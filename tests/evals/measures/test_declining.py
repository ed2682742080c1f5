"""Questions that are declined: rightly, wrongly, and what the others score."""

from __future__ import annotations

import pytest

from tradespace.components.prompts.standard import Standard
from tradespace.components.strategies.base import ModelCaller
from tradespace.evals import measure, score_table
from tradespace.evals.measures import MEASURES
from tradespace.testing.scripted import Scripted
from tradespace.types import Answer, Question

ANSWERABLE = Question("1", "Who led the Vikings?", ("Rollo",), ("d1",))
IMPOSSIBLE = Question("2", "Who led the Saxons?", ("",))
OPEN = Question("3", "Why?")
NAMES = ("abstention_rate", "answered_f1", "answered_em", "declined_rightly", "declined_wrongly", "answer_f1")


def scores(question: Question, text: str) -> dict[str, float | None]:
    """What an answer to a question scores, as far as it scores anything."""
    table = score_table([measure(name) for name in NAMES], [question], [None], [Answer(text, 0.0)])
    return {name: row[0] for name, row in table.items() if row[0] is not None}


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        (ANSWERABLE, "Rollo", {"answered_f1": 1.0, "answered_em": 1.0, "declined_wrongly": 0.0, "answer_f1": 1.0}),
        (ANSWERABLE, "Rollo I", {"answered_f1": 2 / 3, "answered_em": 0, "declined_wrongly": 0, "answer_f1": 2 / 3}),
        (ANSWERABLE, "", {"declined_wrongly": 1.0, "answer_f1": 0.0}),
        (IMPOSSIBLE, "", {"declined_rightly": 1.0, "answer_f1": 1.0}),
        (IMPOSSIBLE, "Rollo", {"answered_f1": 0.0, "answered_em": 0.0, "declined_rightly": 0.0, "answer_f1": 0.0}),
        (OPEN, "", {}),
        (OPEN, "Because.", {}),
    ],
)
def test_declining_is_right_where_there_is_no_answer(question: Question, text: str, expected: dict[str, float]) -> None:
    """And wrong elsewhere. What is declined has no accuracy when answering; SQuAD's F1 stays what it is. Whether a
    question is declined can be said of any."""
    assert scores(question, text) == pytest.approx({"abstention_rate": float(text == ""), **expected})


@pytest.mark.parametrize("text", ["", " ", "Unknown", "unknown.", "I don't know", "N/A"])
def test_to_say_that_it_is_not_known_is_to_decline(text: str) -> None:
    """In the words that models have for it."""
    assert scores(IMPOSSIBLE, text)["declined_rightly"] == 1.0


@pytest.mark.parametrize("text", ["A", "0", "no", "the unknown soldier", "nobody"])
def test_a_short_answer_declines_nothing(text: str) -> None:
    """Nor does one with a word like that in it."""
    assert scores(ANSWERABLE, text)["abstention_rate"] == 0.0


def test_a_prompt_that_lets_a_model_decline_makes_its_answer_empty() -> None:
    """So it is declined in whatever words the prompt has for it."""
    caller = ModelCaller(Scripted(script={}), 20, prompt=Standard(decline=True))
    assert scores(IMPOSSIBLE, caller.answer_in("answer: unknown"))["abstention_rate"] == 1.0


def test_a_failed_question_got_no_answer_and_is_wrong() -> None:
    """Where less is better it scores 1: nothing is gained by failing. So does one whose answer was cut off."""
    measures = [measure(name) for name in NAMES]
    table = score_table(measures, [ANSWERABLE, IMPOSSIBLE], [None] * 2, [None, Answer("", 0.0)], [0], unfinished=[1])
    assert table == {
        "abstention_rate": (1.0, 1.0),
        "answered_f1": (0.0, 0.0),
        "answered_em": (0.0, 0.0),
        "declined_rightly": (None, 0.0),
        "declined_wrongly": (1.0, None),
        "answer_f1": (0.0, 0.0),
    }


def test_which_of_them_are_to_be_small() -> None:
    """An objective may say otherwise."""
    small = {each.name for each in MEASURES if not each.maximize}
    assert small == {"abstention_rate", "declined_wrongly"}
