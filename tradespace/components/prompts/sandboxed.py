"""Texts with blanks that users write: Jinja2 templates (https://jinja.palletsprojects.com), in a sandbox."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from traceback import extract_tb
from typing import TYPE_CHECKING, Any

from tradespace.errors import ComponentError, nearest
from tradespace.types import Passage

if TYPE_CHECKING:
    from jinja2 import Environment, Template
    from jinja2.nodes import Template as SyntaxTree

MOST_TEMPLATE_CHARACTERS = 100_000
"""Characters of a template: far more than a model reads."""
TemplateSample = tuple[str, Mapping[str, Any]]
"""What a template is tried with, and in what case that is so: " where there are no passages"; empty for the usual."""


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """A passage as a template sees it: its number, counted from 1 in the order shown, its document's name, its text."""

    number: int
    title: str
    text: str


def shown_passages(passages: Sequence[Passage]) -> tuple[ShownPassage, ...]:
    """Passages as a template sees them."""
    return tuple(
        ShownPassage(number, "" if passage.is_foreign else passage.document_id, passage.text)
        for number, passage in enumerate(passages, 1)
    )


def rendered(text: str, shown: Mapping[str, Any]) -> str:
    """A template filled in; whitespace around it is dropped.

    Raises:
        ComponentError: it cannot be filled in with this.
    """
    try:
        return _compiled(text).render(shown).strip()
    except Exception as error:  # noqa: BLE001 - a template may divide by zero, or do whatever else fails
        raise ComponentError(f"the prompt's template fails{_place(error)}: {_said(error)}") from None


@lru_cache(maxsize=1024)
def names_in(text: str) -> frozenset[str]:
    """What a template names that it does not define itself."""
    from jinja2.meta import find_undeclared_variables

    return frozenset(find_undeclared_variables(_environment().parse(text)))


def problem_in(text: str, samples: Sequence[TemplateSample]) -> str | None:
    """What is wrong with a template that is filled in as in the samples, with its line; None where nothing is.

    >>> problem_in("{{ qestion }}", [("", {"question": "Who sat?"})])
    "line 1: 'qestion' is not known; did you mean 'question'? Valid: question"
    """
    from jinja2 import TemplateError, TemplateSyntaxError

    try:
        tree = _environment().parse(text)
        _environment().compile(tree)
        foreign = _foreign_parts(tree, samples[0][1].keys())
        return next(foreign, None) or next(filter(None, (_trial(text, *sample) for sample in samples)), None)
    except TemplateSyntaxError as error:
        return f"line {error.lineno}: {error.message}"
    except TemplateError as error:
        return str(error)
    except RecursionError:
        return "it is nested too deeply"


def _foreign_parts(tree: SyntaxTree, names: Collection[str]) -> Iterator[str]:
    from jinja2 import nodes
    from jinja2.meta import find_undeclared_variables

    for other in tree.find_all((nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport)):
        yield f"line {other.lineno}: a template stands alone, and can neither include nor import nor extend another"
    unknown = find_undeclared_variables(tree) - set(names)
    for name in tree.find_all(nodes.Name):
        if name.name in unknown:
            yield f"line {name.lineno}: {name.name!r} is not known; {nearest(name.name, list(names))}"


def _trial(text: str, case: str, shown: Mapping[str, Any]) -> str | None:
    """How filling it in fails."""
    try:
        _environment().from_string(text).render(shown)
    except Exception as error:  # noqa: BLE001 - as in `rendered`
        return f"{_place(error).removeprefix(' in ') or 'it'} fails{case}: {_said(error)}"
    return None


def _place(error: Exception) -> str:
    lines = [frame.lineno for frame in extract_tb(error.__traceback__) if frame.filename == "<template>"]
    return f" in line {lines[-1]}" if lines else ""


def _said(error: Exception) -> str:
    return str(error).replace(f"{ShownPassage.__module__}.{ShownPassage.__qualname__} object", "a passage")


@lru_cache(maxsize=256)
def _compiled(text: str) -> Template:
    return _environment().from_string(text)


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
