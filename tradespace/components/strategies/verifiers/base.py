"""Verifiers: how good a candidate is, judged without knowing the answer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from tradespace.components.base import Component
from tradespace.components.processes import Rounds
from tradespace.components.roles import Role
from tradespace.components.strategies.base import ModelCaller
from tradespace.components.strategies.candidates import Candidate
from tradespace.types import Request


class Verifier(Component, ABC):
    """Gives candidates a score, 1 where it is sure that one is right and 0 where it is sure of the contrary.

    >>> class Brief(Verifier):
    ...     name = "brief"
    ...
    ...     def verify(self, model_caller, request, candidate):
    ...         return 1 / (1 + len(candidate.answer.split()))
    ...         yield ()  # no call is needed
    >>> from tradespace.components.strategies.best_of_k import BestOfK
    >>> BestOfK(verifier=Brief()).verifier
    brief()
    """

    role: ClassVar[Role] = Role.VERIFIER

    @abstractmethod
    def verify(self, model_caller: ModelCaller, request: Request, candidate: Candidate) -> Rounds[float]:
        """Score one candidate; `model_caller` is the model that wrote it."""
