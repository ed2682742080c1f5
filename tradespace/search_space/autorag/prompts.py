"""Prompts: Python's format strings, of which AutoRAG makes prompts, as Jinja2 templates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from string import Formatter
from typing import Any

from tradespace.search_space.autorag.alternatives import values_of
from tradespace.search_space.autorag.configuration import ModuleEntry
from tradespace.search_space.autorag.translator import Translator

FIELDS = {
    "query": "{{ question }}",
    "retrieved_contents": "{{ passages | map(attribute='text') | join('\\n\\n') }}",
}
MARKUP = re.compile(r"\{\{|\{%|\{#|\}\}|%\}|#\}")


def prompts(translator: Translator) -> list[Any]:
    """All prompts of the configuration, each as a component with its settings."""
    found: list[Any] = []
    for module, _, entry in translator.counterparts("prompt"):
        translator.settings(module, entry, ("prompt",))
        for settings in _templates(translator, module):
            template = {"template": {**settings, **entry.unless_given}}
            if template not in found:
                found.append(template)
    return found


def _templates(translator: Translator, module: ModuleEntry) -> Iterator[dict[str, str]]:
    parameter = module.parameters.get("prompt")
    if parameter is None:
        translator.remarks.add(f"{module.kind}: needs `prompt`", module.where)
        return
    written = parameter.values
    if all(isinstance(one, Mapping) for one in written):
        written = (list(written),)  # one prompt, as a list of messages
    for prompt in written:
        settings = _of_messages(prompt) if isinstance(prompt, list) else _of_text(prompt)
        problem = "only texts with {query}, {retrieved_contents}, and one message of each role, are taken over"
        if settings:
            problem = next((said for name, text in settings.items() if (said := _problem(name, text))), "")
        if settings and not problem:
            yield settings
        else:
            translator.remarks.add(f"a prompt is left out: {problem}", parameter.where)


def _problem(setting: str, text: str) -> str:
    if setting == "text" and "question" not in text:
        return "it asks no {query}"
    return values_of("template", setting, [text])[1]


def _of_text(prompt: Any) -> dict[str, str]:
    template = jinja_of(prompt) if isinstance(prompt, str) else None
    return {} if template is None else {"text": template, "system": ""}


def _of_messages(messages: Sequence[Any]) -> dict[str, str]:
    """A system's and a user's message; nothing if there are others."""
    said: dict[str, str] = {}
    for message in messages:
        role, content = (message.get("role"), message.get("content")) if isinstance(message, Mapping) else (None, None)
        template = jinja_of(content) if isinstance(content, str) else None
        if role not in ("system", "user") or role in said or template is None:
            return {}
        said[role] = template
    return {"text": said["user"], "system": said.get("system", "")} if "user" in said else {}


def jinja_of(text: str) -> str | None:
    """A format string as a Jinja2 template; None if it is none, or names something else.

    >>> print(jinja_of("{retrieved_contents} - {query}?"))
    {{ passages | map(attribute='text') | join('\\n\\n') }} - {{ question }}?
    >>> jinja_of("as {{json}}"), jinja_of("{answer}"), jinja_of("{")
    ('as {json}', None, None)
    """
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        return None
    if any(field not in (None, *FIELDS) or form or conversion for _, field, form, conversion in parts):
        return None
    pieces = (_literal(literal) + (FIELDS[field] if field else "") for literal, field, _, _ in _joined(parts))
    return "".join(pieces)


def _joined(parts: Sequence[tuple[str, str | None, str | None, str | None]]) -> Iterator[Any]:
    """Parts of which none that is only text is followed by another: they may make markup together."""
    text = ""
    for literal, field, form, conversion in parts:
        text += literal
        if field is not None:
            yield text, field, form, conversion
            text = ""
    yield text, None, None, None


def _literal(text: str) -> str:
    """Text that Jinja2 takes as it is."""
    return f"{{% raw %}}{text}{{% endraw %}}" if MARKUP.search(text) or text.endswith("{") else text
