"""Examples that a pipeline gives itself (after BootstrapFewShot of Khattab et al. 2023, "DSPy")."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from tradespace.components.examples.base import ExamplePairs, Examples
from tradespace.components.examples.given import GivenExamples
from tradespace.components.processes import Rounds
from tradespace.errors import ComponentError


class Bootstrap(Examples):
    """Explore questions that the pipeline answered right without examples, with what it wrote.

    They are drawn before the search, and stand in the pipelines that are tried as `given` examples: a pipeline that is
    printed can be run anywhere. Of other settings that vary, the pipeline that draws has the first value.
    """

    name: ClassVar[str] = "bootstrap"

    pool: int = Field(
        default=16, ge=1, le=256, description="how many are drawn, at most, to choose the shown ones from"
    )
    seed: int = Field(
        default=0,
        ge=0,
        le=2**31 - 1,
        description="the order in which explore questions are tried; 0 is that of the file",
    )
    measure: str = Field(default="answer_em", description="the measure that says which answers are right")
    least: float = Field(default=1.0, ge=0, le=1, description="the score from which on an answer is right")
    show: Literal["answer", "reply"] = Field(
        default="answer", description="what is shown of each: the answer, or all that the model wrote to come to it"
    )

    def given(self, pairs: ExamplePairs) -> GivenExamples:
        """What stands in its place once the examples are drawn."""
        return GivenExamples(pairs=pairs, shots=self.shots, choose=self.choose, embedder=self.embedder)

    def shown(self, question: str) -> Rounds[ExamplePairs]:
        raise ComponentError(
            "bootstrap draws its examples when a space is explored; a pipeline that is run on its own needs them "
            "given: copy it from the study, where they stand in it, or write given(pairs=...)"
        )
        yield ()  # a process is a generator
