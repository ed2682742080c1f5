"""The prompt that is written where none is chosen, and what can be changed about it."""

from __future__ import annotations

import pytest

from tradespace.components.prompts.standard import STANDARD, Standard
from tradespace.components.prompts.tasks import DIRECT, JUDGE, PROGRAM, REWORD, THINK, Task
from tradespace.components.readers.llm import LLMReader, ModelReader
from tradespace.components.readers.map_reduce import MapReduce
from tradespace.components.readers.refine import Refine
from tradespace.components.retrievers.asking import ModelGuidedRetriever
from tradespace.components.retrievers.hyde import HyDE
from tradespace.components.retrievers.ircot import IRCoT
from tradespace.types import Message, Passage

PASSAGES = (Passage("1", "zoo", "A cat."), Passage("2", "farm", "A dog."), Passage("3", "sea", "A fish."))


def written(prompt: Standard, task: Task) -> tuple[str, ...]:
    """The contents of the messages."""
    return tuple(message.content for message in prompt.messages(task))


def test_what_is_written_where_no_prompt_is_chosen() -> None:
    """To the letter what every call was recorded with before prompts could be chosen."""
    turn = Message("assistant", "Hm.")
    task = Task(THINK, "Who sat?", PASSAGES[:2], "the dog", (("Who?", "answer: him"),), (turn,))
    assert STANDARD.messages(task) == (
        Message(
            "system",
            "Answer the question from the passages. Think step by step, then end with a line that reads `answer:` "
            "followed by the answer only.",
        ),
        Message("user", "Question: Who?"),
        Message("assistant", "answer: him"),
        Message("user", "Passages:\n[1] A cat.\n\n[2] A dog.\n\nQuestion: Who sat?\n\nProposed answer: the dog"),
        turn,
    )
    assert written(STANDARD, Task(DIRECT, "Who sat?")) == (
        "Answer the question from the passages. Write the answer only, in as few words as possible.",
        "Question: Who sat?",
    )


@pytest.mark.parametrize(("order", "expected"), [("best_first", "123"), ("best_last", "321"), ("interleaved", "132")])
def test_passages_are_shown_in_the_order_asked_for(order: str, expected: str) -> None:
    """Best first, best last, or the best at both ends."""
    prompt = Standard.model_validate({"order": order})
    assert "".join(passage.id for passage in prompt.arranged(PASSAGES)) == expected


@pytest.mark.parametrize("asking", [LLMReader(), MapReduce(), Refine(), HyDE(), IRCoT()], ids=lambda one: one.name)
def test_what_was_evaluated_before_there_were_prompts_stays_valid(asking: ModelReader | ModelGuidedRetriever) -> None:
    """The standard prompt is no part of an address; any other is."""
    assert asking.prompt == STANDARD
    assert "standard" not in asking.identity
    assert asking.with_settings(prompt=Standard(titles=True)).key != asking.key


def test_an_instruction_keeps_what_strategies_rely_on() -> None:
    """It says what is wanted; how the answer is marked stays."""
    mine = Standard(instruction="Name the animal.", system="You know animals.")
    system, _ = written(mine, Task(THINK, "Who sat?"))
    assert system == f"You know animals.\n\nName the animal. {THINK.manner}"
    assert written(mine, Task(PROGRAM, "Who sat?"))[0].startswith("You know animals.\n\nName the animal. Write a")
    assert written(mine, Task(REWORD, "Who sat?"))[0].endswith(f"Name the animal. {REWORD.manner}")


def test_judgements_keep_their_own_words() -> None:
    """An instruction for answers would turn a judge into somebody who answers."""
    assert written(Standard(instruction="Name the animal.", cite=True), Task(JUDGE, "Who sat?"))[0] == JUDGE.text


def test_length_citations_and_declining_are_spoken_of_where_the_answer_is_asked_for() -> None:
    """Not where a program or another wording is."""
    prompt = Standard(max_words=1, cite=True, decline=True)
    assert prompt.told(DIRECT).startswith(f"{DIRECT.goal} Write the answer only, in at most 1 word. Behind each fact")
    assert prompt.told(DIRECT).endswith("the answer is `unknown`.")
    assert "The answer has at most 12 words." in Standard(max_words=12).told(THINK)
    assert (prompt.told(PROGRAM), prompt.told(REWORD)) == (PROGRAM.text, REWORD.text)


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        (Standard(titles=True), "[1] zoo\nA cat.\n\n[2] farm\nA dog."),
        (Standard(titles=True, numbered=False), "zoo\nA cat.\n\nfarm\nA dog."),
        (Standard(numbered=False), "A cat.\n\nA dog."),
    ],
)
def test_passages_are_written_as_asked_for(prompt: Standard, expected: str) -> None:
    """With or without numbers, with or without the names of their documents."""
    assert f"Passages:\n{expected}\n\n" in written(prompt, Task(DIRECT, "Who sat?", PASSAGES[:2]))[1]


def test_citations_need_numbers() -> None:
    """What has no number cannot be cited by it."""
    with pytest.raises(ValueError, match="cite needs numbered passages"):
        Standard(cite=True, numbered=False)
