"""Candidates: completions drawn for one question, each with the answer found in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from tradespace.components.llms.tasks import Instruction
from tradespace.components.processes import Rounds
from tradespace.components.strategies.algebra import Ballot, sample, vote
from tradespace.components.strategies.answers import answer_in, probability
from tradespace.components.strategies.base import Asker, Drawing
from tradespace.types import Answer, Completion, Request

Samples = Annotated[int, Field(ge=1, le=256, description="how many completions are drawn")]
Temperature = Annotated[float, Field(ge=0, le=2, description="temperature that they are drawn at; 0 draws all alike")]
VoteRule = Literal["majority", "log_probability"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A completion and the answer that it comes to; empty where it comes to none."""

    answer: str
    completion: Completion


def draw(
    asker: Asker, instruction: Instruction, request: Request, temperature: float, *, k: int, first: int = 0, **more: Any
) -> Rounds[list[Candidate]]:
    """Draw k candidates in one round, from sample number `first` on; `more` are further fields of the `Task`."""
    completions = yield from sample(
        lambda number: asker.call(instruction, request, Drawing(temperature, sample=number), **more), k, first
    )
    return [Candidate(answer_in(completion.text), completion) for completion in completions]


def voted(candidates: Sequence[Candidate], rule: VoteRule = "majority") -> Answer:
    """The answer that most candidates come to, each counted once or by the probability of its average token."""
    return vote([Ballot(one.answer, _weight(one.completion) if rule != "majority" else 1.0) for one in candidates])


def _weight(completion: Completion) -> float:
    """Geometric mean of its tokens' probabilities; 1 where the model does not tell, so that all count alike."""
    return probability(completion) or 1.0
