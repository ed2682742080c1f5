"""The language model that writes questions, by what the command line says of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tradespace.components.llms.base import LanguageModel
from tradespace.components.notation import parse_component
from tradespace.components.roles import Role
from tradespace.errors import InputError
from tradespace.explorer.files import read_specification
from tradespace.search_space.document import parse_yaml
from tradespace.search_space.reading import SpaceReader
from tradespace.search_space.sections import BudgetLimits, Prices
from tradespace.search_space.specification import Specification


@dataclass(frozen=True)
class QuestionModel:
    """A model that writes questions; its prices where they are known."""

    model: LanguageModel
    prices: Prices | None = None


def question_model(named: str | None, space: Path | None, limits: BudgetLimits) -> QuestionModel | None:
    """The model that is named, or that stands in a space file; None where neither is given.

    Raises:
        InputError: there is no such model, or none that follows instructions, or the dollars of a limit are not known.
        ComponentError: a package that it needs is not installed.
    """
    if named is None and space is None:
        return None
    specification = read_specification(space) if space else None
    model = _among(_models(specification), named, space) if specification else _read(named or "")
    if not model.follows_instructions:
        raise InputError(
            f"{model} can write no questions: it answers only what it was recorded or trained to answer. Name a model "
            "that follows instructions, such as openai:gpt-5-mini or smollm2"
        )
    for part in model.parts():
        part.require_packages()
    prices = specification.prices if specification else None
    if limits.usd is not None and model.remote and model.listed_as not in (prices.models if prices else {}):
        raise InputError(
            f"--usd needs the price of {model.listed_as!r}: give it in the section `prices` of a space file, and name "
            "that with --space"
        )
    return QuestionModel(model, prices)


def _models(specification: Specification) -> dict[str, LanguageModel]:
    """The models of a space, by notation."""
    parts = (part for component in specification.components for part in component.parts())
    return {str(part): part for part in parts if isinstance(part, LanguageModel)}


def _among(models: dict[str, LanguageModel], named: str | None, space: Path | None) -> LanguageModel:
    """The model of a space that is called so; the only one where none is named."""
    chosen = [
        model
        for notation, model in models.items()
        if (model.follows_instructions if named is None else named in (notation, model.name, model.listed_as))
    ]
    if len(chosen) == 1:
        return chosen[0]
    valid = f"Valid: {', '.join(models)}" if models else "It has none"
    if named is None:
        raise InputError(f"{space} must have one model that follows instructions, or --model say which. {valid}")
    raise InputError(f"--model must name one of the models in {space}; given: {named!r}. {valid}")


def _read(named: str) -> LanguageModel:
    """A model as YAML says it, such as `openai:gpt-5-mini`, or in its notation, `openai(model='gpt-5-mini')`."""
    if named.rstrip().endswith(")"):
        component = parse_component(named)
    else:
        document = parse_yaml(named, "--model")
        read = SpaceReader(document).single(Role.LLM, document.data, (), "the model that writes")
        document.raise_faults()
        assert read is not None  # or a fault would have been raised
        component = read
    if not isinstance(component, LanguageModel):
        raise InputError(f"--model must be a language model; given: {component}")
    return component
