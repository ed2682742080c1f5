"""What components do, and which of that are stages of a pipeline: declared here, and nowhere else.

A new kind of component is a folder and a line in `Role`. Its components are listed in that folder's `__init__`, in a
constant that is called as the folder is. A new kind of stage is such a line, at its place in the order of a pipeline.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple, Self

from tradespace.components.checked import OutcomeKind
from tradespace.types import Answer, Completion


class Stage(NamedTuple):
    """How a kind of stage stands in a pipeline.

    Attributes:
        online: whether it works when a question arrives, or before any does.
        repeats: whether a pipeline may have several in a row.
    """

    online: bool = True
    repeats: bool = False


class Role(StrEnum):
    """What a component does. The stages of a pipeline stand first, in their order.

    Attributes:
        folder: where its components lie, from `tradespace/components`, with dots.
        meaning: what they do, as the heading of their part of the documentation.
        returns: what their operators return; None where they are not called with requests.
        stage: how it stands in a pipeline; None where it only fills a setting of other components.
    """

    folder: str
    meaning: str
    returns: OutcomeKind | None
    stage: Stage | None

    def __new__(
        cls, name: str, folder: str, meaning: str, returns: OutcomeKind | None = None, stage: Stage | None = None
    ) -> Self:
        """The role of that name."""
        role = str.__new__(cls, name)
        role._value_ = name
        role.folder, role.meaning, role.returns, role.stage = folder, meaning, returns, stage
        return role

    @property
    def online(self) -> bool:
        """Whether it is a stage that works when a question arrives."""
        return self.stage is not None and self.stage.online

    @property
    def repeats(self) -> bool:
        """Whether it is a stage that a pipeline may have several of."""
        return self.stage is not None and self.stage.repeats

    PARSE = (
        "parse",
        "parsers",
        "Stage `parse`: how files are read. Without it documents are searched as they were read with the data.",
        None,
        Stage(online=False, repeats=True),
    )
    CHUNK = (
        "chunk",
        "chunkers",
        "Stage `chunk`: how documents are cut into passages. Without it they are searched whole.",
        None,
        Stage(online=False),
    )
    RETRIEVE = "retrieve", "retrievers", "Stage `retrieve`: how passages are found for a question.", tuple, Stage()
    RERANK = (
        "rerank",
        "rerankers",
        "Stage `rerank`: how the retrieved passages are reordered and filtered.",
        tuple,
        Stage(repeats=True),
    )
    GENERATE = "generate", "readers", "Stage `generate`: how the answer is made from the passages.", Answer, Stage()
    EMBEDDER = "embedder", "embedders", "Embedders: how texts become vectors."
    INDEX = "index", "indexes", "Indexes: how the vectors nearest to a question's are found."
    FUSION = "fusion", "fusions", "Fusions: how the rankings of several retrievers become one."
    LLM = "llm", "llms", "Language models: what writes the answer.", Completion
    PROMPT = "prompt", "prompts", "Prompts: what a language model is told, and how passages are written for it."
    VERIFIER = "verifier", "strategies.verifiers", "Verifiers: how a strategy tells good answers from bad ones."
    STRATEGY = "strategy", "strategies", "Strategies: how a language model is called to make one answer."
    EXAMPLES = "examples", "examples", "Examples: solved questions that a prompt shows before the one asked.", tuple
    TOOL = "tool", "tools", "Tools: what an agent may use while it answers."


STAGES: tuple[Role, ...] = tuple(role for role in Role if role.stage)
"""The kinds of stages, in the order of a pipeline."""
REPEATED = "_([2-9]|[1-9][0-9]+)"
"""What follows a stage's name where a pipeline has several of its kind: `rerank`, `rerank_2`, `rerank_3`."""


def stage_name(role: Role, number: int) -> str:
    """What the stage is called that is the `number`-th of its kind, counted from 1."""
    return str(role) if number == 1 else f"{role}_{number}"


def stage_names(roles: Iterable[Role]) -> tuple[str, ...]:
    """What the stages of these kinds are called, in order; no name twice.

    >>> stage_names([Role.RETRIEVE, Role.RERANK, Role.RERANK])
    ('retrieve', 'rerank', 'rerank_2')
    """
    counted: Counter[Role] = Counter()
    names: list[str] = []
    for role in roles:
        counted[role] += 1
        names.append(stage_name(role, counted[role]))
    return tuple(names)


def stage_called(name: str) -> tuple[Role, int] | None:
    """The kind of a stage, and which of its kind it is; None where no stage can be called so.

    >>> stage_called("rerank_2")
    (<Role.RERANK: 'rerank'>, 2)
    """
    for role in STAGES:
        if match := re.fullmatch(f"{role}(?:{REPEATED})?", name):
            return role, int(match[1] or 1)
    return None


def stages_problem(roles: tuple[Role, ...]) -> str | None:
    """What must hold where these are not the stages of a pipeline: out of order, or repeated where none may be."""
    expected = tuple(role for role in STAGES for _ in range(roles.count(role)))
    if expected == roles and all(role.repeats or roles.count(role) == 1 for role in roles):
        return None
    valid = ", ".join(f"{role} (may be repeated)" if role.repeats else role for role in STAGES)
    return f"stages must be among {valid}, in this order, once each"
