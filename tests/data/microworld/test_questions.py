"""Specification of microworld's questions, their gold documents and their worked solutions."""

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.data.microworld import QUESTION_TYPES, QuestionType, World, world_questions
from tradespace.data.microworld.questions import MOST_HOPS, question, term_value
from tradespace.data.microworld.solutions import (
    ANSWER_MARKER,
    MODES,
    UNKNOWN_ANSWER,
    addition,
    solve_question,
    subtraction,
)

seeds = st.integers(0, 2**41)
types = st.sampled_from(QUESTION_TYPES)
two_digits = st.integers(10, 99)


@given(seeds)
def test_questions_come_as_asked_for_with_types_in_turn(seed: int) -> None:
    """A dataset of questions is a function of its arguments, and ids are distinct."""
    asked = list(world_questions(seed, documents=50, count=12))
    assert asked == list(world_questions(seed, documents=50, count=12))
    assert [question.type for question in asked] == list(QUESTION_TYPES) * 2
    assert len({question.question.id for question in asked}) == 12


@given(seeds, types)
def test_gold_documents_suffice_and_none_can_be_spared(seed: int, kind: QuestionType) -> None:
    """Exactly the gold documents are needed: all of them answer, all but one leave the answer unknown."""
    world = World(seed, 30)
    asked = question(world, Random(seed), kind, "q")
    gold = [world.entity(document) for document in asked.question.gold]
    assert solve_question(world, asked, gold).answer == asked.question.answers[0]
    for missing in gold:
        solution = solve_question(world, asked, [entity for entity in gold if entity != missing])
        assert solution.answer == UNKNOWN_ANSWER
        assert world.name(missing) in solution.missing


@given(seeds, types)
def test_questions_have_one_to_four_hops(seed: int, kind: QuestionType) -> None:
    """The hop count is the number of facts looked up, one sentence of the solution for each."""
    world = World(seed, 30)
    asked = question(world, Random(seed), kind, "q")
    assert 1 <= asked.hops <= MOST_HOPS
    assert len(solve_question(world, asked, range(30)).lookups) == asked.hops


@given(seeds, types)
def test_answers_follow_from_the_terms(seed: int, kind: QuestionType) -> None:
    """The answer recomputed from the looked-up values, by the plainest code, is the answer given."""
    world = World(seed, 30)
    asked = question(world, Random(seed), kind, "q")
    values = [term_value(world, term) for term in asked.terms]
    names = [world.name(term.start) for term in asked.terms]
    expected = {
        "lookup": lambda: values[0],
        "sum": lambda: str(int(values[0]) + int(values[1])),
        "difference": lambda: str(abs(int(values[0]) - int(values[1]))),
        "comparison": lambda: names[0] if int(values[0]) > int(values[1]) else names[1],
        "superlative": lambda: max(zip(map(int, values), names, strict=True))[1],
        "count": lambda: str(values.count(asked.value)),
    }[asked.type]()
    assert asked.question.answers == (expected,)


@pytest.mark.parametrize("kind", QUESTION_TYPES)
def test_questions_name_the_entities_that_they_start_from(kind: QuestionType) -> None:
    """What cannot be found in the question cannot be retrieved."""
    world = World(5, 100)
    asked = question(world, Random(5), kind, "q")
    assert all(world.name(term.start).title() in asked.question.text for term in asked.terms)


@given(seeds, types)
def test_every_way_of_answering_ends_in_its_result(seed: int, kind: QuestionType) -> None:
    """Chains end in the answer, an expression of that value, nothing missing, or a verdict; direct answers are bare."""
    world = World(seed, 30)
    asked = question(world, Random(seed), kind, "q")
    solution, answer = solve_question(world, asked, range(30)), asked.question.answers[0]
    ends = {mode: solution.written(mode, proposed=answer).rpartition(ANSWER_MARKER)[2].strip() for mode in MODES}
    assert ends["direct"] == ends["think"] == answer == solution.written("direct")
    assert ends["ask"] == "none"
    assert ends["judge"] == "yes"
    assert solution.written("judge", proposed="nobody").endswith("no")
    if asked.type in ("sum", "difference", "count"):
        assert eval(ends["calculate"]) == int(answer)


@given(two_digits, two_digits)
def test_additions_are_worked_digit_by_digit(first: int, second: int) -> None:
    """Units with their carry, then tens with the carry: together they are the sum."""
    units, tens = re.findall(r"= (\d+)", addition(first, second))
    assert int(tens) * 10 + int(units) % 10 == first + second
    assert all(eval(re.sub(r"\b0(?=\d)", "", step).replace("=", "==")) for step in _steps(addition(first, second)))


@given(two_digits, two_digits)
def test_subtractions_are_worked_digit_by_digit(first: int, second: int) -> None:
    """Units with a borrowed ten where needed, then tens less the borrow: together they are the difference."""
    larger, smaller = max(first, second), min(first, second)
    units, tens = re.findall(r"= (\d+)", subtraction(larger, smaller))
    assert int(tens) * 10 + int(units) == larger - smaller
    assert all(eval(re.sub(r"\b0(?=\d)", "", step).replace("=", "==")) for step in _steps(subtraction(larger, smaller)))


def _steps(working: str) -> list[str]:
    return working.partition(":")[2].strip(" .").split(",")
