"""Prompts of one's own, word for word: Jinja2 templates (https://jinja.palletsprojects.com), in a sandbox."""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field, model_validator

from tradespace.components.prompts.base import PromptTemplate, shown_examples
from tradespace.components.prompts.sandboxed import (
    MOST_TEMPLATE_CHARACTERS,
    ShownPassage,
    TemplateSample,
    names_in,
    problem_in,
    rendered,
    shown_passages,
)
from tradespace.components.prompts.tasks import Task
from tradespace.files import GivenAsFile
from tradespace.types import Message

TEMPLATE_NAMES = ("instruction", "question", "passages", "proposed")
"""What a template can name."""


def _sound(text: str) -> str:
    if problem := template_problem(text):
        raise ValueError(problem)
    return text


TemplateText = Annotated[str, AfterValidator(_sound), Field(max_length=MOST_TEMPLATE_CHARACTERS)]


class JinjaTemplate(PromptTemplate):
    """What you write is what is sent: `text` as the user's message, `system` before it, unless it is empty.

    Both may use `question`; `passages`, each with its `number`, `title` and `text`; `instruction`, which is what the
    strategy or retriever asks for, with the other settings in words; and `proposed`, an answer that is to be judged.
    Where something else than the answer is asked for, what must be said is added if the template lacks it.
    """

    name: ClassVar[str] = "template"

    text: Annotated[TemplateText, GivenAsFile("file")] = Field(
        description="the template of the user's message; a YAML file may say `file` instead, and where it lies"
    )
    system: TemplateText = Field(default="{{ instruction }}", description="the template of the system's message")

    @model_validator(mode="after")
    def _says_everything_once(self) -> JinjaTemplate:
        names = [names_in(self.system), names_in(self.text)]
        if "question" not in names[0] | names[1]:
            raise ValueError("text must hold {{ question }}, or the model is never asked it")
        if "instruction" in names[0] & names[1]:
            raise ValueError(
                "`instruction` stands both in `text` and in `system`, which is '{{ instruction }}' if nothing else is "
                'given: write `system: ""`, or leave it out of `text`'
            )
        return self

    def messages(self, task: Task) -> tuple[Message, ...]:
        shown = _shown(task, self.told(task.instruction))
        names = names_in(self.system) | names_in(self.text)
        unsaid = task.instruction.aim != "answer" and "instruction" not in names
        system = [rendered(self.system, shown), shown["instruction"] if unsaid else ""]
        asked = [
            rendered(self.text, shown),
            f"Proposed answer: {task.proposed}" if task.proposed and "proposed" not in names else "",
        ]
        said = [Message("system", text) for text in ("\n\n".join(filter(None, system)),) if text]
        return (*said, *shown_examples(task), Message("user", "\n\n".join(filter(None, asked))), *task.turns)


def _shown(task: Task, instruction: str) -> dict[str, Any]:
    shown = (instruction, task.question, shown_passages(task.passages), task.proposed)
    return dict(zip(TEMPLATE_NAMES, shown, strict=True))


@lru_cache(maxsize=1024)
def template_problem(text: str) -> str | None:
    """What is wrong with a template, with its line; None where nothing is.

    >>> template_problem("{{ pasages }}")
    "line 1: 'pasages' is not known; did you mean 'passages'? Valid: instruction, question, passages, proposed"
    """
    return problem_in(text, _SAMPLES)


def _sample(passages: tuple[ShownPassage, ...], proposed: str) -> TemplateSample:
    shown = dict(zip(TEMPLATE_NAMES, ("instruction", "question", passages, proposed), strict=True))
    return "" if passages else " where there are no passages", shown


_SAMPLES = [
    _sample(passages, proposed)
    for passages, proposed in product(
        (tuple(ShownPassage(number, "title", "text") for number in (1, 2)), ()), ("", "proposed")
    )
]
"""With passages or without, with an answer to be judged or without."""
