"""Strategies: how a language model is called to make one answer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from tradespace.components.answers import Form
from tradespace.components.base import Call, Component, Process
from tradespace.components.examples.base import ExamplePairs
from tradespace.components.llms.base import LanguageModel
from tradespace.components.prompts.base import PromptTemplate
from tradespace.components.prompts.standard import STANDARD
from tradespace.components.prompts.tasks import Instruction, Task
from tradespace.components.roles import Role
from tradespace.types import Prompt, Request


@dataclass(frozen=True, slots=True)
class ModelCaller:
    """A language model as a strategy sees it: given what to do, the call that asks for it.

    Attributes:
        max_tokens: tokens after which a completion is cut off.
        form: what answers look like, by which they are found in completions and compared.
        prompt: how it is written what the model is to do.
        examples: solved questions that are shown where the answer itself is asked for.
    """

    model: LanguageModel
    max_tokens: int
    form: Form = "span"
    prompt: PromptTemplate = STANDARD
    examples: ExamplePairs = ()

    def call(self, instruction: Instruction, request: Request, drawing: Drawing | None = None, **more: Any) -> Call:
        """The call for one completion; `more` are further fields of the `Task`."""
        passages = self.prompt.arranged(request.passages)
        shown = {"examples": self.examples} if instruction.aim == "answer" else {}
        task = Task(instruction, request.question, passages, **(shown | more))
        messages = self.model.messages(task, self.prompt)
        how = drawing or Drawing()
        drawn = (how.temperature, how.top_p, self.max_tokens, how.stop, how.seed, how.sample)
        return Call(self.model, Prompt(messages, *drawn, instruction.may_be_empty))


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
