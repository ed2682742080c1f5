"""What holds for every prompt."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tradespace.components.prompts.base import PassageOrder, PromptTemplate
from tradespace.components.prompts.tasks import DIRECT, JUDGE, REWORD, THINK, Instruction, Task
from tradespace.testing.component_contract import ComponentContract
from tradespace.types import Message, Passage

FIVE_PASSAGES = tuple(Passage(str(number), f"document {number}", f"Text number {number}.") for number in range(5))
READING_TASK = Task(THINK, "Who sat?", FIVE_PASSAGES)


def contents(prompt: PromptTemplate, task: Task) -> str:
    """All that the model is told."""
    return "\n".join(message.content for message in prompt.messages(task))


class PromptContract(ComponentContract):
    """Asks the question from the passages, and leaves out nothing that whoever asks relies on."""

    @pytest.mark.parametrize("instruction", [DIRECT, THINK, REWORD, JUDGE], ids=lambda one: one.kind)
    @pytest.mark.parametrize("shown", [0, 1, 5])
    def test_question_and_passages_are_shown(
        self, component: PromptTemplate, instruction: Instruction, shown: int
    ) -> None:
        """The question, and the text of every passage in its order; with passages or without."""
        written = contents(component, Task(instruction, "Who sat?", FIVE_PASSAGES[:shown]))
        places = [written.find(passage.text) for passage in FIVE_PASSAGES[:shown]]
        assert "Who sat?" in written
        assert -1 not in places
        assert places == sorted(places)

    def test_equal_tasks_are_written_alike(self, component: PromptTemplate) -> None:
        """Calls are known by their messages."""
        assert component.messages(READING_TASK) == type(component)(**component.settings).messages(replace(READING_TASK))

    def test_the_user_speaks_last(self, component: PromptTemplate) -> None:
        """At most one message of the system, and that first."""
        roles = [message.role for message in component.messages(READING_TASK)]
        assert roles[-1] == "user"
        assert "system" not in roles[1:]

    def test_examples_go_before_and_turns_behind(self, component: PromptTemplate) -> None:
        """Solved examples are shown before the question, and what was said since after it."""
        turns = (Message("assistant", "It was"), Message("user", "Go on."))
        *before, asked, first, second = component.messages(
            replace(READING_TASK, examples=(("What is 1 plus 1?", "two"),), turns=turns)
        )
        assert (first, second) == turns
        assert "Who sat?" in asked.content
        assert before[-1] == Message("assistant", "two")
        assert "What is 1 plus 1?" in before[-2].content

    def test_a_proposed_answer_is_shown(self, component: PromptTemplate) -> None:
        """Somebody is to judge it."""
        assert "a blue whale" in contents(component, replace(READING_TASK, instruction=JUDGE, proposed="a blue whale"))

    @pytest.mark.parametrize("instruction", [JUDGE, REWORD], ids=lambda one: one.kind)
    def test_what_is_relied_on_is_said(self, component: PromptTemplate, instruction: Instruction) -> None:
        """How a judgement or something to search for is to be marked."""
        assert (instruction.manner or instruction.text) in contents(
            component, replace(READING_TASK, instruction=instruction)
        )

    def test_each_order_shows_every_passage(self, component: PromptTemplate) -> None:
        """Passages are moved, and none is lost or doubled."""
        orders: tuple[PassageOrder, ...] = ("best_first", "best_last", "interleaved")
        arranged = [component.with_settings(order=order).arranged(FIVE_PASSAGES) for order in orders]
        assert [set(passages) for passages in arranged] == [set(FIVE_PASSAGES)] * 3
        assert len({*arranged}) == 3

    def test_citations_are_taken_off_where_they_were_asked_for(self, component: PromptTemplate) -> None:
        """Otherwise brackets are the model's own words."""
        text = "the cat [1], the dog [2, 3]"
        assert component.uncited(text) == ("the cat, the dog" if component.cite else text)
        expected = [FIVE_PASSAGES[0], FIVE_PASSAGES[1], FIVE_PASSAGES[2]] if component.cite else []
        assert component.cited(f"{text} [9]", FIVE_PASSAGES) == expected
