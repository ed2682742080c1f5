"""Policies and forecasts as they are written: `ipa`, or with settings, `ipa(variants='lightest')`."""

from __future__ import annotations

import ast
from typing import Any, ClassVar, TypeVar

from pydantic import ValidationError

from tradespace.errors import InputError, nearest
from tradespace.registry import Registry
from tradespace.search_space.declared import explained
from tradespace.search_space.sections import Section
from tradespace.syntax import parse_expression


class NamedSettings(Section):
    """Settings of something that is chosen by its name."""

    name: ClassVar[str]


ByName = TypeVar("ByName", bound=NamedSettings)


def by_name(text: str, registry: Registry[type[ByName]]) -> ByName:
    """What a name chooses, with the settings that are written behind it.

    Raises:
        InputError: it is not written so, or there is no such name or setting.

    >>> from tradespace.serving.adaptation.policies import POLICIES
    >>> by_name("ipa(variants='lightest')", POLICIES)
    IPA(variants='lightest', replicas='adapt')
    """
    name, settings = _read(text, registry)
    if name not in registry:
        raise InputError(f"no {registry.kind} is called {name!r}; {registry.instead(name)}")
    chosen = registry[name]
    if unknown := [setting for setting in settings if setting not in chosen.model_fields]:
        instead = nearest(unknown[0], list(chosen.model_fields)) if chosen.model_fields else "it has no settings"
        raise InputError(f"the {registry.kind} {name} has no setting {unknown[0]!r}; {instead}")
    try:
        return chosen(**settings)
    except ValidationError as error:
        faults = "; ".join(f"`{detail['loc'][0]}` {explained(detail)}" for detail in error.errors())
        raise InputError(f"the {registry.kind} {name}: {faults}") from None


def _read(text: str, registry: Registry[Any]) -> tuple[str, dict[str, Any]]:
    try:
        match parse_expression(text):
            case ast.Name(id=name):
                return name, {}
            case ast.Call(func=ast.Name(id=name), args=[], keywords=keywords) if all(each.arg for each in keywords):
                return name, {str(each.arg): ast.literal_eval(each.value) for each in keywords}
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pass
    raise InputError(
        f"a {registry.kind} is a name, with its settings in brackets where it has some, as in name(setting=1); "
        f"given: {text!r}. Valid names: {', '.join(registry)}"
    )
