"""What a prompt is: how it is written for a language model what it is to do."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from tradespace.addresses import AddedLater
from tradespace.components.base import Component
from tradespace.components.examples.base import ExamplePairs, Examples
from tradespace.components.processes import Rounds
from tradespace.components.prompts.tasks import AS_FEW_WORDS_AS_POSSIBLE, Instruction, Task
from tradespace.components.roles import Role
from tradespace.types import Message, Passage

PassageOrder = Literal["best_first", "best_last", "interleaved"]
MaxWords = Annotated[
    int,
    Field(ge=0, le=1000, description="words that it is told an answer may have; 0 for as few as possible"),
]
Cite = Annotated[
    bool, Field(description="whether it is told to cite passages, as in [1]; that is then taken off the answer")
]
Decline = Annotated[bool, Field(description="whether it is told to answer `unknown` where the passages do not tell")]

ORDERS: Mapping[PassageOrder, Callable[[Sequence[Passage]], Sequence[Passage]]] = {
    "best_first": lambda passages: passages,
    "best_last": lambda passages: passages[::-1],
    "interleaved": lambda passages: (*passages[::2], *passages[1::2][::-1]),
}
"""Passages that come best first, in each order. Models overlook what stands in the middle of a long prompt (Liu et al.
2023, "Lost in the Middle"): interleaved, the worst stands there."""

CITE = "Behind each fact, name the passages that it is from by their numbers in square brackets, as in [1]."
CITATION = re.compile(r"\s*\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]")
DECLINE = "If the passages do not tell the answer, the answer is `unknown`."


class PromptTemplate(Component, ABC):
    """How a task is written for models that follow instructions.

    An `instruction` of one's own takes the place of what is wanted, not of how to come to it: how the answer is to be
    marked is what strategies rely on. It leaves judgements, notes and other help on the way as they are. Length,
    citations and declining are spoken of where the answer itself is asked for.

    >>> from tradespace.components.prompts.tasks import THINK
    >>> class Shouted(PromptTemplate):
    ...     name = "shouted"
    ...
    ...     def messages(self, task):
    ...         return (Message("user", f"{self.told(task.instruction)}\\n\\n{task.question}".upper()),)
    >>> print(Shouted(instruction="Say who sat.", max_words=3).messages(Task(THINK, "who?"))[0].content)
    SAY WHO SAT. THINK STEP BY STEP, THEN END WITH A LINE THAT READS `ANSWER:` FOLLOWED BY THE ANSWER ONLY. THE ANSWER \
HAS AT MOST 3 WORDS.
    <BLANKLINE>
    WHO?
    """

    role: ClassVar[Role] = Role.PROMPT

    instruction: str = Field(
        default="", description="what the model is to do, in your words; if empty, in those of who asks it"
    )
    order: PassageOrder = Field(
        default="best_first",
        description="in which order it is shown the passages; `interleaved` has the best at both ends",
    )
    max_words: MaxWords = 0
    cite: Cite = False
    decline: Decline = False

    examples: Annotated[Examples | None, AddedLater(was="None")] = Field(
        default=None, description="solved questions that it is shown before the one that is asked; none without"
    )

    @abstractmethod
    def messages(self, task: Task) -> tuple[Message, ...]:
        """The task as a chat. Its passages are in order already."""

    def shown_before(self, question: str) -> Rounds[ExamplePairs]:
        """The solved examples that are shown before a question, where the answer itself is asked for."""
        return (yield from self.examples.shown(question)) if self.examples else ()

    def arranged(self, passages: Sequence[Passage]) -> tuple[Passage, ...]:
        """Passages that come best first, in the order in which they are shown."""
        return tuple(ORDERS[self.order](passages))

    def told(self, instruction: Instruction) -> str:
        """An instruction as the model is told it."""
        if instruction.aim == "help":
            return instruction.text
        manner = self._answer_manner(instruction) if instruction.aim == "answer" else instruction.manner
        return " ".join(filter(None, (self.instruction or instruction.goal, manner)))

    def uncited(self, text: str) -> str:
        """A text that the model wrote, without the citations that it was told to make."""
        return CITATION.sub("", text) if self.cite else text

    def cited(self, text: str, passages: Sequence[Passage]) -> list[Passage]:
        """The passages that a text cites, out of those that the model was shown; none where it was not told to cite."""
        numbers = [int(number) for group in CITATION.findall(text) for number in re.findall(r"\d+", group)]
        return [passages[number - 1] for number in numbers if 0 < number <= len(passages)] if self.cite else []

    def _answer_manner(self, instruction: Instruction) -> str:
        limit = f"at most {self.max_words} word{'s' * (self.max_words > 1)}"
        manner = instruction.manner
        if self.max_words and AS_FEW_WORDS_AS_POSSIBLE in manner:
            manner = manner.replace(AS_FEW_WORDS_AS_POSSIBLE, f"in {limit}")
        elif self.max_words:
            manner = f"{manner} The answer has {limit}."
        return " ".join([manner, *([CITE] if self.cite else []), *([DECLINE] if self.decline else [])])


_BEFORE_THERE_WAS_A_CHOICE = (
    "standard(instruction='', order='best_first', max_words=0, cite=False, decline=False, system='', numbered=True, "
    "titles=False)"
)
PromptSetting = Annotated[
    PromptTemplate,
    AddedLater(was=_BEFORE_THERE_WAS_A_CHOICE),
    Field(description="what the model is told, and how passages are written for it"),
]
"""The setting `prompt` of whatever asks a model."""


def shown_examples(task: Task) -> tuple[Message, ...]:
    """The solved examples of a task, as questions and answers that went before."""
    return tuple(
        message
        for question, answer in task.examples
        for message in (Message("user", f"Question: {question}"), Message("assistant", answer))
    )
