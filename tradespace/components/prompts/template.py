"""Prompts of one's own, word for word: Jinja2 templates (https://jinja.palletsprojects.com), in a sandbox."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product
from traceback import extract_tb
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import AfterValidator, Field, model_validator

from tradespace.components.prompts.base import PromptTemplate, shown_examples
from tradespace.components.prompts.tasks import Task
from tradespace.errors import ComponentError, nearest
from tradespace.files import GivenAsFile
from tradespace.types import Message

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.nodes import Template as SyntaxTree

TEMPLATE_NAMES = ("instruction", "question", "passages", "proposed")
"""What a template can name."""
MOST_TEMPLATE_CHARACTERS = 100_000
"""Characters of a template: far more than a model reads."""


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """A passage as a template sees it: its number, counted from 1 in the order shown, its document's name, its text."""

    number: int
    title: str
    text: str


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
    passages = tuple(
        ShownPassage(number, "" if passage.is_foreign else passage.document_id, passage.text)
        for number, passage in enumerate(task.passages, 1)
    )
    return dict(zip(TEMPLATE_NAMES, (instruction, task.question, passages, task.proposed), strict=True))


def rendered(text: str, shown: Mapping[str, Any]) -> str:
    """A template filled in; whitespace around it is dropped.

    Raises:
        ComponentError: it cannot be filled in with this.
    """
    try:
        return _environment().from_string(text).render(shown).strip()
    except Exception as error:  # noqa: BLE001 - a template may divide by zero, or do whatever else fails
        raise ComponentError(f"the prompt's template fails{_place(error)}: {_said(error)}") from None


@lru_cache(maxsize=1024)
def names_in(text: str) -> frozenset[str]:
    """What a template names that it does not define itself."""
    from jinja2.meta import find_undeclared_variables

    return frozenset(find_undeclared_variables(_environment().parse(text)))


@lru_cache(maxsize=1024)
def template_problem(text: str) -> str | None:
    """What is wrong with a template, with its line; None where nothing is.

    >>> template_problem("{{ pasages }}")
    "line 1: 'pasages' is not known; did you mean 'passages'? Valid: instruction, question, passages, proposed"
    """
    from jinja2 import TemplateError, TemplateSyntaxError

    try:
        tree = _environment().parse(text)
        _environment().compile(tree)
        return next(_foreign_parts(tree), None) or _trial(text)
    except TemplateSyntaxError as error:
        return f"line {error.lineno}: {error.message}"
    except TemplateError as error:
        return str(error)
    except RecursionError:
        return "it is nested too deeply"


def _foreign_parts(tree: SyntaxTree) -> Iterator[str]:
    from jinja2 import nodes
    from jinja2.meta import find_undeclared_variables

    for other in tree.find_all((nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport)):
        yield f"line {other.lineno}: a template stands alone, and can neither include nor import nor extend another"
    unknown = find_undeclared_variables(tree) - set(TEMPLATE_NAMES)
    for name in tree.find_all(nodes.Name):
        if name.name in unknown:
            yield f"line {name.lineno}: {name.name!r} is not known; {nearest(name.name, TEMPLATE_NAMES)}"


def _trial(text: str) -> str | None:
    """How filling it in fails, with passages or without, with an answer to be judged or without."""
    passages = tuple(ShownPassage(number, "title", "text") for number in (1, 2))
    for shown, proposed in product((passages, ()), ("", "proposed")):
        try:
            _environment().from_string(text).render(
                zip(TEMPLATE_NAMES, ("instruction", "question", shown, proposed), strict=True)
            )
        except Exception as error:  # noqa: BLE001 - as in `rendered`
            where = "" if shown else " where there are no passages"
            return f"{_place(error).removeprefix(' in ') or 'it'} fails{where}: {_said(error)}"
    return None


def _place(error: Exception) -> str:
    lines = [frame.lineno for frame in extract_tb(error.__traceback__) if frame.filename == "<template>"]
    return f" in line {lines[-1]}" if lines else ""


def _said(error: Exception) -> str:
    return str(error).replace(f"{ShownPassage.__module__}.{ShownPassage.__qualname__} object", "a passage")


@cache
def _environment() -> Environment:
    """Without a loader and without functions: a template sees what it is given, and nothing else. What it writes is the
    same each time."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.globals.clear()
    del environment.filters["random"]
    return environment
