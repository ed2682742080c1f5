"""Strategies: how a language model is called to make one answer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from tradespace.components.answers import Form, extract
from tradespace.components.base import Call, Component, Process
from tradespace.components.examples.base import ExamplePairs
from tradespace.components.llms.base import LanguageModel
from tradespace.components.prompts.base import PromptTemplate
from tradespace.components.prompts.standard import STANDARD
from tradespace.components.prompts.tasks import Instruction, Task
from tradespace.components.roles import Role
from tradespace.components.strategies.answers import is_cut_off, is_known, probability
from tradespace.components.strategies.structured import as_json
from tradespace.types import Answer, Completion, Prompt, Request


@dataclass(frozen=True, slots=True)
class ModelCaller:
    """A language model as a strategy sees it: given what to do, the call that asks for it.

    Attributes:
        max_tokens: tokens after which a completion is cut off.
        form: what answers look like, by which they are found in completions and compared.
        prompt: how it is written what the model is to do.
        examples: solved questions that are shown where the answer itself is asked for.
        structured: whether the model is held to JSON where the answer itself is asked for.
    """

    model: LanguageModel
    max_tokens: int
    form: Form = "span"
    prompt: PromptTemplate = STANDARD
    examples: ExamplePairs = ()
    structured: bool = False

    def call(self, instruction: Instruction, request: Request, drawing: Drawing | None = None, **more: Any) -> Call:
        """The call for one completion; `more` are further fields of the `Task`."""
        passages = self.prompt.arranged(request.passages)
        shown = {"examples": self.examples} if instruction.aim == "answer" else {}
        told, schema = self._told(instruction)
        task = Task(told, request.question, passages, **(shown | more))
        messages = self.model.messages(task, self.prompt)
        how = drawing or Drawing()
        drawn = (how.temperature, how.top_p, self.max_tokens, how.stop, how.seed, how.sample)
        return Call(self.model, Prompt(messages, *drawn, instruction.may_be_empty, json_schema=schema))

    def _told(self, instruction: Instruction) -> tuple[Instruction, str]:
        """What the model is told, and the JSON Schema that it is held to; empty where it writes freely."""
        return as_json(instruction, self.form, declining=self.prompt.decline) if self.structured else (instruction, "")

    def answer_in(self, text: str) -> str:
        """The answer of a text, without citations; empty where there is none, or where the model declines as it may.

        >>> from tradespace.components.llms import TinyReasoner
        >>> from tradespace.components.prompts.standard import Standard
        >>> caller = ModelCaller(TinyReasoner(), 20, prompt=Standard(cite=True, decline=True))
        >>> caller.answer_in("The cat sat [2]. answer: the cat [1, 2]."), caller.answer_in("answer: unknown [1]")
        ('the cat', '')
        """
        plain = self.prompt.uncited(text)
        declined = self.prompt.decline and not is_known(extract(plain, "span"))
        return "" if declined else extract(plain, self.form)

    def conclusion(self, completion: Completion) -> str:
        """The answer that a completion comes to; empty where it was cut off before it said `answer:`."""
        return "" if is_cut_off(completion) else self.answer_in(completion.text)

    def answered(self, text: str, completion: Completion, request: Request) -> Answer:
        """An answer found in a completion, from the passage that it cites.

        Its score is the log-probability per token, 0 where the model does not tell.
        """
        cited = self.prompt.cited(completion.text, self.prompt.arranged(request.passages))
        passage_id = cited[-1].id if cited and text else None
        return Answer(text, completion.mean_log_probability or 0.0, passage_id, probability(completion))


@dataclass(frozen=True, slots=True)
class Drawing:
    """How a completion is drawn, and which of them; see `Prompt`. Greedy by default."""

    temperature: float = 0.0
    top_p: float = 1.0
    stop: tuple[str, ...] = ()
    seed: int = 0
    sample: int = 0


class Strategy(Component, ABC):
    """One way to call a language model.

    `run` is a process: it yields rounds of calls, is sent their outcomes, and returns the answer. Calls of one round
    are made side by side, rounds one after the other; that is what its latency is composed of.

    >>> from tradespace.components.prompts.tasks import DIRECT
    >>> from tradespace.types import Answer
    >>> class TwoTries(Strategy):
    ...     name = "two_tries"
    ...
    ...     def run(self, model_caller, request):
    ...         drawings = [Drawing(temperature=0.8, sample=sample) for sample in range(2)]
    ...         first, second = yield [model_caller.call(DIRECT, request, drawing) for drawing in drawings]
    ...         return Answer(first.text, score=float(first.text == second.text))
    >>> from tradespace.components.llms import TinyReasoner
    >>> round_of_calls = next(TwoTries().run(ModelCaller(TinyReasoner(), max_tokens=20), Request("who ?")))
    >>> [call.request.sample for call in round_of_calls]
    [0, 1]
    """

    role: ClassVar[Role] = Role.STRATEGY

    @abstractmethod
    def run(self, model_caller: ModelCaller, request: Request) -> Process:
        """Answer the question from the passages of the request, all of which are shown."""
