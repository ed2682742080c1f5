"""Who proposes instructions, and where in a space they go."""

from __future__ import annotations

from dataclasses import dataclass

from tradespace.components.llms.base import LanguageModel
from tradespace.components.prompts.base import PromptTemplate
from tradespace.components.roles import Role
from tradespace.errors import InputError
from tradespace.evals.figures import FIGURES
from tradespace.search_space.document import Route, YamlDocument
from tradespace.search_space.goals import HigherIsBetter
from tradespace.search_space.reading import SpaceReader
from tradespace.search_space.replacing import paths_to
from tradespace.search_space.sections import ProposalsSection
from tradespace.search_space.tree import ComponentProduct, Node

ROUTE: Route = ("search", "proposals")


@dataclass(frozen=True)
class InstructionProposals:
    """A model that proposes instructions, and how it is asked."""

    model: LanguageModel
    settings: ProposalsSection


def takes_proposals(path: str, node: ComponentProduct) -> bool:
    """Whether it is a prompt that answers are asked for by, and whose `instruction` the space names."""
    answers = path.split(".", maxsplit=1)[0] == Role.GENERATE
    return answers and issubclass(node.component, PromptTemplate) and "instruction" in node.children


def read_proposals(
    settings: ProposalsSection, root: Node | None, document: YamlDocument, measures: HigherIsBetter
) -> InstructionProposals | None:
    """Who proposes; None, with the faults noted, where the model, the measure or the space does not allow it."""
    if root and not any(paths_to(root, takes_proposals)):
        message = (
            "there is no instruction to improve: give a prompt of the stage `generate` one to start from, as in "
            'prompt: {standard: {instruction: ""}}, which is the usual one'
        )
        document.fault(ROUTE, message)
    _check_measure(settings.measure, document, measures)
    route = (*ROUTE, "model")
    model = SpaceReader(document).single(Role.LLM, settings.model, route, "the model that proposes")
    if not isinstance(model, LanguageModel):
        return None
    if not model.follows_instructions:
        message = f"{model} can write no instructions: it answers only what it was recorded or trained to answer"
        document.fault(route, f"{message}. Name a model that follows instructions, such as openai:gpt-5-mini")
    return InstructionProposals(model, settings)


def _check_measure(name: str, document: YamlDocument, measures: HigherIsBetter) -> None:
    route = (*ROUTE, "measure")
    if name in FIGURES:
        document.fault(route, f"instructions are scored question by question, and {name} is measured over all of them")
        return
    try:
        measures(name)
    except InputError as error:
        for fault in error.faults:
            document.fault(route, fault.message)
