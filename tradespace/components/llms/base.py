"""What a language model is here: prompts in, completions out."""

from __future__ import annotations

from abc import ABC
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import ClassVar

from tradespace.components.base import Operator
from tradespace.components.corpus import Corpus
from tradespace.components.priced import PricedModel
from tradespace.components.prompts.base import PromptTemplate
from tradespace.components.prompts.standard import STANDARD
from tradespace.components.prompts.tasks import Task
from tradespace.components.roles import Role
from tradespace.types import Completion, Failure, Message, Prompt, Timed

Draw = Completion | Timed | Failure

Sampler = Callable[[Prompt, int], Sequence[Draw]]
"""Draws completions number `prompt.sample` and the next ones for a prompt, as many as asked for."""


class LanguageModel(PricedModel, ABC):
    """A language model that strategies call: its operator takes prompts and returns completions.

    Equal prompts that differ in `sample` alone are handed over together, so that an operator can draw them from one
    reading of the prompt; see `in_groups`.

    Class attributes:
        takes_tools: whether it can be given tools, and asks for them apart from what it says.
        keeps_prompts: whether what answers may keep prompts that it has read, and answer them faster when they come
            again: then `open_for_timing` is told apart from `open`.

    >>> class Echo(LanguageModel):
    ...     name = "echo"
    ...
    ...     def open(self, corpus):
    ...         def draw(prompt, count):
    ...             text = prompt.messages[-1].content
    ...             return [Completion(text, tokens_in=len(text.split()), tokens_out=len(text.split()))] * count
    ...
    ...         return in_groups(draw)
    >>> (completion,) = Echo().open(corpus=None)([Prompt((Message("user", "Who sat?"),))])
    >>> completion.text, completion.tokens_out
    ('Who sat?', 2)
    """

    role: ClassVar[Role] = Role.LLM
    takes_tools: ClassVar[bool] = False
    keeps_prompts: ClassVar[bool] = False

    @property
    def follows_instructions(self) -> bool:
        """Whether it does what it is told, in whatever words; not only what was recorded, or what it was trained on."""
        return True

    @property
    def takes_schemas(self) -> bool:
        """Whether it can be held to a JSON Schema (`Prompt.json_schema`)."""
        return False

    def open_for_timing(self, corpus: Corpus) -> Operator:
        """Return an operator that reads every prompt as if it came for the first time.

        Raises:
            ComponentError: as for `open`.
        """
        return self.open(corpus)

    def messages(self, task: Task, prompt: PromptTemplate = STANDARD) -> tuple[Message, ...]:
        """A task as this model is given it: as the prompt writes it, or in the form that the model was trained on."""
        return prompt.messages(task)


def in_groups(draw: Sampler) -> Operator:
    """The operator that calls `draw` once for each run of samples of the same prompt."""

    def operate(prompts: Sequence[Prompt]) -> list[Draw]:
        grouped = sample_runs(prompts)
        return in_order(prompts, grouped, [draw(first, count) for first, count in grouped])

    return operate


def in_order(
    prompts: Sequence[Prompt], grouped: Sequence[tuple[Prompt, int]], drawn: Sequence[Sequence[Draw]]
) -> list[Draw]:
    """What was drawn for each of `sample_runs(prompts)`, in the order of the prompts."""
    by_prompt: dict[Prompt, Draw] = {}
    for (first, count), group in zip(grouped, drawn, strict=True):
        wanted = [replace(first, sample=first.sample + offset) for offset in range(count)]
        by_prompt.update(zip(wanted, group, strict=True))
    return [by_prompt[prompt] for prompt in prompts]


def sample_seed(prompt: Prompt) -> int:
    """A seed for models that draw sample number i of a request from its seed plus i.

    Requests for samples 0 to 7, and for 4 to 7 alone, then draw the same; streams of different seeds do not overlap.

    >>> sample_seed(Prompt((), seed=1, sample=3))
    65539
    """
    return (prompt.seed * 65536 + prompt.sample) % 2**31


def sample_runs(prompts: Sequence[Prompt]) -> list[tuple[Prompt, int]]:
    """Distinct prompts as (the first of a run of consecutive samples, how many), in the order of first appearance.

    >>> [(run.sample, count) for run, count in sample_runs([Prompt((), sample=n) for n in (3, 0, 1)])]
    [(0, 2), (3, 1)]
    """
    samples: dict[Prompt, set[int]] = {}
    for prompt in prompts:
        samples.setdefault(replace(prompt, sample=0), set()).add(prompt.sample)
    return [
        (replace(prompt, sample=start), count)
        for prompt, numbers in samples.items()
        for start, count in _consecutive(sorted(numbers))
    ]


def _consecutive(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending numbers as (start, length) of each run without a gap."""
    stretches: list[tuple[int, int]] = []
    for number in numbers:
        if stretches and number == sum(stretches[-1]):
            stretches[-1] = (stretches[-1][0], stretches[-1][1] + 1)
        else:
            stretches.append((number, 1))
    return stretches
