"""The prompt that is written where none is chosen: instruction, passages, question."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from tradespace.components.prompts.base import PromptTemplate, shown_examples
from tradespace.components.prompts.tasks import Task
from tradespace.types import Message, Passage

Titles = Annotated[bool, Field(description="whether each passage stands below the name of its document")]


class Standard(PromptTemplate):
    """The instruction as the system's message; then examples; then numbered passages and the question as the user's."""

    name: ClassVar[str] = "standard"

    system: str = Field(default="", description="what stands before the instruction, such as who the model is to be")
    numbered: bool = Field(default=True, description="whether passages are numbered, as in [1]")
    titles: Titles = False

    @model_validator(mode="after")
    def _citable(self) -> Standard:
        if self.cite and not self.numbered:
            raise ValueError("cite needs numbered passages: a model cites them by their numbers. Set numbered to true")
        return self

    def messages(self, task: Task) -> tuple[Message, ...]:
        system = "\n\n".join(filter(None, (self.system, self.told(task.instruction))))
        passages = "\n\n".join(self._numbered(place, passage) for place, passage in enumerate(task.passages, 1))
        parts = (
            f"Passages:\n{passages}" if passages else "",
            f"Question: {task.question}",
            f"Proposed answer: {task.proposed}" if task.proposed else "",
        )
        asked = Message("user", "\n\n".join(filter(None, parts)))
        return (Message("system", system), *shown_examples(task), asked, *task.turns)

    def _numbered(self, place: int, passage: Passage) -> str:
        number = f"[{place}] " if self.numbered else ""
        title = f"{passage.document_id}\n" if self.titles and not passage.is_foreign else ""
        return f"{number}{title}{passage.text}"


STANDARD = Standard()
"""The prompt that is written where none is chosen."""
