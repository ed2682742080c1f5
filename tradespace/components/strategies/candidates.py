"""Candidates: completions drawn for one question, each with the answer found in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from tradespace.components.answers import Form, same
from tradespace.components.processes import Rounds
from tradespace.components.prompts.tasks import Instruction
from tradespace.components.strategies.algebra import Ballot, cluster, sample, vote
from tradespace.components.strategies.answers import probability
from tradespace.components.strategies.base import Drawing, ModelCaller
from tradespace.types import Answer, Completion, Request

Samples = Annotated[int, Field(ge=1, le=256, description="how many completions are drawn")]
Temperature = Annotated[
    float, Field(ge=0, le=2, description="temperature that they are drawn at; at 0 all are the same")
]
VoteRule = Literal["majority", "log_probability"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A completion and the answer that it comes to; empty where it comes to none."""

    answer: str
    completion: Completion


def draw(
    model_caller: ModelCaller,
    instruction: Instruction,
    request: Request,
    temperature: float,
    *,
    k: int,
    first: int = 0,
    **more: Any,
) -> Rounds[list[Candidate]]:
    """Draw k candidates in one round, from sample number `first` on; `more` are further fields of the `Task`."""
    completions = yield from sample(
        lambda number: model_caller.call(instruction, request, Drawing(temperature, sample=number), **more), k, first
    )
    return [Candidate(model_caller.conclusion(completion), completion) for completion in completions]


def voted(candidates: Sequence[Candidate], form: Form, rule: VoteRule = "majority") -> Answer:
    """The answer that most candidates come to, each counted once or by the probability of its average token."""
    weights = [1.0 if rule == "majority" else _weight(candidate.completion) for candidate in candidates]
    return vote([Ballot(candidate.answer, weight) for candidate, weight in zip(candidates, weights, strict=True)], form)


def alike(candidates: Sequence[Candidate], form: Form) -> list[list[Candidate]]:
    """Candidates with the same answer together, the most frequent first; those without an answer are left out."""
    answering = (candidate for candidate in candidates if candidate.answer)
    return cluster(answering, lambda candidate, other: same(candidate.answer, other.answer, form))


def _weight(completion: Completion) -> float:
    """Geometric mean of its tokens' probabilities; 1 where the model does not tell, so that all count alike."""
    return probability(completion) or 1.0
