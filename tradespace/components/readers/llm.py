"""Generated answers: a language model is given the passages and the question, and called by a strategy."""

from __future__ import annotations

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from tradespace.addresses import AddedLater
from tradespace.components.answers import ANSWER_FORMS, Form
from tradespace.components.base import Component, Process, Reader
from tradespace.components.llms.base import LanguageModel
from tradespace.components.llms.tiny_reasoner import TinyReasoner
from tradespace.components.processes import Rounds
from tradespace.components.prompts.base import PromptSetting
from tradespace.components.prompts.standard import STANDARD
from tradespace.components.readers.pointwise import PassageCount, reading_at_most
from tradespace.components.strategies.base import ModelCaller, Strategy
from tradespace.components.strategies.direct import Direct
from tradespace.types import Request


class ModelReader(Reader):
    """Reads with a language model. It makes no calls of its own: those of its model are shared by all."""

    model: LanguageModel = Field(default=TinyReasoner(), description="the language model")
    prompt: PromptSetting = STANDARD
    passages: PassageCount = 3
    max_tokens: int = Field(default=160, ge=1, le=4096, description="tokens after which a completion is cut off")

    form: Form = Field(
        default="span", description="the form of answers, by which they are extracted from texts and compared"
    )

    structured: Annotated[bool, AddedLater(was="False")] = Field(
        default=False,
        description="whether the model's server holds answers to JSON of this form: an object with the field `answer`, "
        "behind the field `reasoning` where the model is to think",
    )

    @model_validator(mode="after")
    def _can_be_structured(self) -> Self:
        if self.structured and not self.model.takes_schemas:
            raise ValueError(
                f"structured must be false where the model is {self.model.name}, which can't be held to a JSON Schema"
            )
        if self.structured and ANSWER_FORMS[self.form].schema is None:
            raise ValueError(f"structured must be false where answers are {self.form}, which JSON does not suit")
        return self

    def caller_for(self, request: Request) -> Rounds[ModelCaller]:
        """The model as a strategy calls it, with the examples that are shown before the question."""
        examples = yield from self.prompt.shown_before(request.question)
        return ModelCaller(self.model, self.max_tokens, self.form, self.prompt, examples, self.structured)

    def shown(self, request: Request) -> Request:
        """The request with the passages that are read."""
        return Request(request.question, request.passages[: self.passages])

    def simplified(self, request: Request) -> tuple[Component, Request]:
        shown = self.shown(request)
        return reading_at_most(self, len(shown.passages)), shown


class LLMReader(ModelReader):
    """All passages are stuffed into one prompt, and a strategy calls the model with it."""

    name: ClassVar[str] = "llm"
    in_words: ClassVar[str] = "{model} answers {strategy}"

    strategy: Strategy = Field(default=Direct(), description="how it is called to make an answer")

    def process(self, request: Request) -> Process:
        model_caller = yield from self.caller_for(request)
        return (yield from self.strategy.run(model_caller, self.shown(request)))
