from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Annotated, Any, ClassVar, Literal, SupportsFloat

from pydantic import Field, field_validator

from tradespace import secrets
from tradespace.components.dotted_path import Arguments, with_arguments
from tradespace.components.trust import Trust
from tradespace.errors import MeasureError
from tradespace.evals.measures.base import MEND, Measure, Needs
from tradespace.evals.measures.configured import ConfiguredMeasure
from tradespace.evals.measures.langchain_evaluator import as_function
from tradespace.types import Answer, Question, Ranking

_NAME = "[A-Za-z_][A-Za-z0-9_]*"
_PATH = rf"^{_NAME}(\.{_NAME})*[.:]{_NAME}$"


class OwnFunction(ConfiguredMeasure):
    """A function of yours: `function(question, answer, passages, references)` gives a number, or None for no score.

    It is given texts: the question, the answer, the passages that the answer was made from (a list, the best first),
    and the accepted answers (a list). Where the path names a class, one is made with `arguments`, and called likewise;
    of LangChain's string evaluators `evaluate_strings` is called, once for each accepted answer, of which the best
    counts. Calls that it makes itself are not in the ledger: they are made again whenever scores are, and are in no
    budget.
    """

    name: ClassVar[str] = "function"

    path: Annotated[
        str,
        Trust.IMPORTS,
        Field(
            pattern=_PATH,
            description="the function, as in `package.module:function`; it is imported: only name code that you trust",
        ),
    ]
    arguments: Arguments = Field(default={})
    direction: Literal["maximize", "minimize"] = Field(
        default="maximize", description="whether more of it is better, or less"
    )
    range: tuple[float, float] = Field(
        default=(0.0, 1.0),
        description="the least and the greatest number that it gives; in figures they are 0 and 1",
    )
    scores: Literal["answers", "passages"] = Field(
        default="answers",
        description="what it is about: an answer, or the passages that were found, with or without an answer",
    )
    references: bool = Field(
        default=True, description="whether a question needs accepted answers to be scored; if not, any question is"
    )
    revision: int = Field(
        default=1,
        ge=1,
        le=1_000_000,
        description="raise it when the function changes, so that what it scored before is scored again",
    )

    @field_validator("range")
    @classmethod
    def _ascending(cls, ends: tuple[float, float]) -> tuple[float, float]:
        if not -float("inf") < ends[0] < ends[1] < float("inf"):
            raise ValueError("must be two numbers, the lower first")
        return ends

    def measure(self, name: str) -> Measure:
        return FunctionMeasure(name, self)

    def prepare(self) -> None:
        self.loaded()

    def loaded(self) -> Callable[..., Any]:
        """Import it, and make it where it is a class.

        Raises:
            MeasureError: there is none, or it cannot be called.
            ComponentError: it is a class, and refuses the arguments.
        """
        module_name, name = re.split(r"[.:](?=[^.:]+$)", self.path)
        try:
            found = getattr(import_module(module_name), name)
        except ImportError as error:
            raise MeasureError(
                f"{self.path!r} must name a function as package.module:function; the module can't be imported: "
                f"{error}. Where it lies in a folder of yours, name that folder in the environment: PYTHONPATH=FOLDER"
            ) from error
        except AttributeError:
            raise MeasureError(
                f"{self.path!r} must name a function; the module {module_name!r} has no {name!r}"
            ) from None
        made = with_arguments(found, self.path, self.arguments) if isinstance(found, type) else found
        if (function := as_function(made, self.direction == "maximize")) is None:
            raise MeasureError(
                f"{self.path!r} must name a function, or a class whose objects can be called; it is {made!r:.200}"
            )
        return function


@dataclass(frozen=True)
class FunctionMeasure(Measure):
    """What a function of the user's says, as a share of its range."""

    of: OwnFunction

    reads_passages: ClassVar[bool] = True

    @property
    def needs(self) -> Needs:  # type: ignore[override]  # as the function: an instance's, not the class's
        return Needs.ANSWERS if self.of.references else Needs.TEXT

    @property
    def maximize(self) -> bool:
        return self.of.direction == "maximize"

    @property
    def scores_passages(self) -> bool:
        return self.of.scores == "passages"

    def score(
        self, questions: Sequence[Question], rankings: Sequence[Ranking | None], answers: Sequence[Answer | None]
    ) -> list[float | None]:
        return [
            self._scored(question, ranking or (), answer.text if answer else "")
            if (ranking if self.scores_passages else answer) is not None and self.applies_to(question)
            else None
            for question, ranking, answer in zip(questions, rankings, answers, strict=True)
        ]

    @cached_property
    def _function(self) -> Callable[..., Any]:
        return self.of.loaded()

    def _scored(self, question: Question, ranking: Ranking, answer: str) -> float | None:
        function, passages = self._function, [scored.passage.text for scored in ranking]
        try:
            value = function(question.text, answer, passages, list(question.answers))
        except Exception as error:  # noqa: BLE001 - somebody else's function may raise anything
            raise self._error(question, f"raised {type(error).__name__}: {error}") from secrets.shown(error)
        return None if value is None else self._share(value, question)

    def _share(self, value: Any, question: Question) -> float:
        low, high = self.of.range
        number = float(value) if isinstance(value, SupportsFloat) else float("nan")
        if not low <= number <= high:
            stated = f"numbers from {low:g} to {high:g}, or None; it gave {value!r:.200}"
            raise self._error(question, f"must give {stated}. If its numbers have another range, state it: `range`")
        return (number - low) / (high - low)

    def _error(self, question: Question, problem: str) -> MeasureError:
        about = f"the question {question.id!r} ({question.text!r:.200})"
        return MeasureError(f"the measure {self.name}, {self.of.path}, {problem}. This was for {about}. {MEND}")
