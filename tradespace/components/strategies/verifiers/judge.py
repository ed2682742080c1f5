"""A model as the judge of answers (Weng et al. 2023, self-verification; Zheng et al. 2023, "LLM-as-a-Judge")."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from pydantic import Field

from tradespace.components.processes import Rounds
from tradespace.components.prompts.tasks import JUDGE
from tradespace.components.strategies.base import ModelCaller
from tradespace.components.strategies.candidates import Candidate, Temperature, draw
from tradespace.components.strategies.verifiers.base import Verifier
from tradespace.types import Request


class Judge(Verifier):
    """Asks the model that wrote an answer whether it is right. The score is the share of judgements that say yes."""

    name: ClassVar[str] = "judge"

    judgements: int = Field(default=1, ge=1, le=64, description="how often it is asked, in parallel")
    temperature: Temperature = 0.0

    def verify(self, model_caller: ModelCaller, request: Request, candidate: Candidate) -> Rounds[float]:
        judgements = yield from draw(
            replace(model_caller, form="yes_no"),
            JUDGE,
            request,
            self.temperature,
            k=self.judgements,
            proposed=candidate.answer,
        )
        return sum(judgement.answer == "yes" for judgement in judgements) / self.judgements
