"""Both writers keep to the contract; the model's is asked as it is told to be."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from tests.explorer.generating.quizmaster import BUILT, PROMPTS, Quizmaster
from tradespace.components.base import Pipeline
from tradespace.components.llms import SmolLM2
from tradespace.data.generation.written import GeneratedType, WrittenQuestion
from tradespace.explorer.generating.assigning import ASKED_ABOUT, Assigning
from tradespace.explorer.generating.model_writer import ModelWriter
from tradespace.explorer.generating.rule_writer import RuleWriter
from tradespace.explorer.generating.sources import Assignment
from tradespace.explorer.generating.writing_prompts import messages_for, schema_for
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.testing.question_writer_contract import QuestionWriterContract


@pytest.mark.parametrize("writer", [RuleWriter(), RuleWriter(seed=7)], ids=["rules", "rules-7"])
class TestRuleWriter(QuestionWriterContract):
    pass


@pytest.mark.parametrize(
    "writer", [ModelWriter(Quizmaster()), ModelWriter(Quizmaster(prose=True), seed=3)], ids=["model", "prose"]
)
class TestModelWriter(QuestionWriterContract):
    pass


def assignment(recorded_calls: RecordedCalls, question_type: GeneratedType, number: int = 0) -> Assignment:
    """The assignment of a type that comes behind so many others."""
    assigning = Assigning(recorded_calls.corpus(Pipeline((ASKED_ABOUT,))), seed=0)
    stream = assigning.turns(question_type)
    turns = [next(stream) for _ in range(number + 1)]
    (assigned,) = assigning.assigned(turns[-1:], recorded_calls)
    assert isinstance(assigned, Assignment)
    return assigned


def write(recorded_calls: RecordedCalls, assignments: Sequence[Assignment]) -> WrittenQuestion:
    """The one question that the model writes."""
    corpus = recorded_calls.corpus(Pipeline((ASKED_ABOUT,)))
    (result,) = ModelWriter(Quizmaster()).write(assignments, recorded_calls, corpus)
    assert isinstance(result, WrittenQuestion)
    return result


def test_a_model_sees_numbered_sentences(recorded_calls: RecordedCalls) -> None:
    """So its evidence is a number, and stands in the passage word for word."""
    wanted = assignment(recorded_calls, GeneratedType.FACT)
    asked = messages_for(wanted)[-1].content
    assert f"[1] The {wanted.sources[0].title} was built in" in asked
    assert "[2] It stands by the river" in asked
    result = write(recorded_calls, [wanted])
    assert result == WrittenQuestion(
        f"Who built the {wanted.sources[0].title}?", BUILT[wanted.sources[0].title][1], (0,)
    )


def test_yes_and_no_are_asked_for_by_turns(recorded_calls: RecordedCalls) -> None:
    """Else whoever always says yes would be right."""
    answers = [
        write(recorded_calls, [assignment(recorded_calls, GeneratedType.YES_NO, number)]).answer for number in range(4)
    ]
    assert answers == ["yes", "no", "yes", "no"]


def test_two_passages_are_of_two_documents(recorded_calls: RecordedCalls) -> None:
    """A passage and the nearest one of another document, each with a sentence of its own."""
    wanted = assignment(recorded_calls, GeneratedType.TWO_PASSAGES)
    first, second = (source.passage.document_id for source in wanted.sources)
    assert first != second
    assert len(write(recorded_calls, [wanted]).sentences) == 2


@pytest.mark.parametrize("question_type", GeneratedType)
def test_the_schema_asks_for_what_is_read(recorded_calls: RecordedCalls, question_type: GeneratedType) -> None:
    """Sentences by numbers that exist, and no field that the prompt does not name."""
    wanted = assignment(recorded_calls, question_type)
    schema = json.loads(schema_for(wanted))
    asked = messages_for(wanted)[-1].content
    assert all(f"`{name}`" in asked for name in schema["required"])
    numbers = [field["enum"] for name, field in schema["properties"].items() if name.startswith("sentence")]
    assert numbers == [[1, 2]] * (0 if question_type is GeneratedType.UNANSWERABLE else len(wanted.sources))


def test_only_a_model_that_can_is_held_to_the_schema(recorded_calls: RecordedCalls) -> None:
    """Others are told the form in words alone."""
    assert SmolLM2().takes_schemas
    write(recorded_calls, [assignment(recorded_calls, GeneratedType.FACT)])
    assert [prompt.json_schema for prompt in PROMPTS] == [""]


def test_a_passage_that_is_visited_again_has_another_sample(recorded_calls: RecordedCalls) -> None:
    """So another question is drawn about it, and the first is not paid for again."""
    assigning = Assigning(recorded_calls.corpus(Pipeline((ASKED_ABOUT,))), seed=0)
    turns = list(assigning.turns(GeneratedType.FACT))
    first, again = (turn for turn in turns if turn.passage == turns[0].passage and turn.visit < 2)
    assert (first.visit, again.visit) == (0, 1)
    ModelWriter(Quizmaster()).write(
        [each for each in assigning.assigned([first, again], recorded_calls) if isinstance(each, Assignment)],
        recorded_calls,
        assigning.corpus,
    )
    assert [prompt.sample for prompt in PROMPTS] == [0, 1]


def test_rules_ask_about_what_the_sentences_say(recorded_calls: RecordedCalls) -> None:
    """Facts and numbers copied from a sentence of the passage."""
    corpus = recorded_calls.corpus(Pipeline((ASKED_ABOUT,)))
    assigning = Assigning(corpus, seed=0)
    turns = [turn for turn in assigning.turns(GeneratedType.FACT) if turn.visit == 0]
    assigned = [each for each in assigning.assigned(turns, recorded_calls) if isinstance(each, Assignment)]
    results = RuleWriter().write(assigned, recorded_calls, corpus)
    questions = [
        (result, each.sources[0])
        for result, each in zip(results, assigned, strict=True)
        if isinstance(result, WrittenQuestion)
    ]
    assert len(questions) > len(turns) / 2
    for result, source in questions:
        assert result.answer in source.texts[result.sentences[0]]
        assert result.text.endswith("?")
        assert result.answer not in result.text
