"""An agent: a model that uses tools in a loop until it knows the answer (ReAct, Yao et al. 2022)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from tradespace.components.agents import TOOL_PROTOCOLS, ProtocolName
from tradespace.components.agents.base import ANSWER_FORM, AgentReply, ToolProtocol, ToolUse, in_words
from tradespace.components.base import Call, Process, completion_of
from tradespace.components.processes import Rounds, side_by_side
from tradespace.components.readers.llm import ModelReader
from tradespace.components.strategies.algebra import loop
from tradespace.components.strategies.base import Drawing, ModelCaller
from tradespace.components.strategies.direct import Direct
from tradespace.components.tools.base import Observation, Tool
from tradespace.components.tools.search import SearchTool
from tradespace.types import Answer, Message, Passage, Prompt, Request

FAULTS = 2
"""Malformed and repeated calls that end the loop: the first is shown to the model."""


@dataclass(frozen=True, slots=True)
class AgentState:
    """What was said, used and found so far, and the answer once there is one.

    Attributes:
        known: the passages that the agent began with, and those that its tools found.
        faults: how many replies asked for what cannot be done.
    """

    known: tuple[Passage, ...]
    turns: tuple[Message, ...] = ()
    used: tuple[ToolUse, ...] = ()
    faults: int = 0
    answer: Answer | None = None


class Agent(ModelReader):
    """Begins with the passages; then the model uses tools, or answers. All calls but those of one reply are serial.

    A malformed call, and one that was made before, is shown to the model once; the second ends the loop, as `steps`
    do. Then the model answers directly from all passages that were found, or the answer is empty.
    """

    name: ClassVar[str] = "agent"
    in_words: ClassVar[str] = "{model} answers with tools, in up to {steps} steps"

    tools: tuple[Tool, ...] = Field(default=(SearchTool(),), min_length=1, description="what the model may use")
    steps: int = Field(default=4, ge=1, le=32, description="replies of the model in which it may use tools")
    at_limit: Literal["answer", "abstain"] = Field(
        default="answer",
        description="what happens when the loop ends without an answer: the model answers from what was found, or "
        "there is none",
    )
    protocol: ProtocolName = Field(
        default="text",
        description="how tools are called: in a `text`, by any model, or by the `native` means of its server",
    )
    passages: Annotated[int, Field(ge=0, le=20, description="how many of the ranked passages it begins with")] = 3

    @model_validator(mode="after")
    def _tools_can_be_called(self) -> Self:
        names = [tool.name for tool in self.tools]
        if len(set(names)) < len(names):
            raise ValueError(f"each tool must stand in `tools` once; given: {', '.join(names)}")
        if self.protocol == "native" and not self.model.takes_tools:
            raise ValueError(f"protocol must be text with {self.model!r}, which takes no tools of its own")
        return self

    def process(self, request: Request) -> Process:
        model_caller, shown = (yield from self.caller_for(request)), self.shown(request)
        state = yield from loop(
            AgentState(known=shown.passages),
            lambda state: self._turn(model_caller, shown, state),
            until=has_ended,
            deadline=self.steps,
        )
        return state.answer or (yield from self._at_limit(model_caller, replace(shown, passages=state.known)))

    def _turn(self, model_caller: ModelCaller, shown: Request, state: AgentState) -> Rounds[AgentState]:
        """One reply of the model, and what it asks for."""
        (outcome,) = yield (self._asked(model_caller, shown, state),)
        completion = completion_of(outcome)
        reading = self._protocol.read(completion, self.tools)
        if fault := reading.fault or repeated(reading.uses, state.used):
            return faulted(state, reading, fault)
        if reading.uses:
            observations = yield from side_by_side([use.tool.use(use.text) for use in reading.uses])
            told = self._protocol.observed([observation.text for observation in observations])
            return advanced(state, reading, told, observations)
        said = replace(completion, text=reading.said.content)
        text = model_caller.conclusion(said)
        if not text and not self.prompt.decline:
            return faulted(state, reading, f"use a tool, or {ANSWER_FORM}")
        return replace(state, answer=model_caller.answered(text, said, shown))

    def _asked(self, model_caller: ModelCaller, shown: Request, state: AgentState) -> Call:
        """The call for the model's next reply."""
        drawing = Drawing(stop=self._protocol.stop)
        call = model_caller.call(self._protocol.instruction(self.tools), shown, drawing, turns=state.turns)
        assert isinstance(call.request, Prompt)
        return replace(call, request=replace(call.request, tools=self._protocol.offered(self.tools)))

    def _at_limit(self, model_caller: ModelCaller, known: Request) -> Process:
        if self.at_limit == "abstain":
            return Answer("", 0.0, confidence=0.0)
        return (yield from Direct().run(model_caller, known))

    @property
    def _protocol(self) -> ToolProtocol:
        return TOOL_PROTOCOLS[self.protocol]


def has_ended(state: AgentState) -> bool:
    """Whether there is an answer, or a model that does not do what it is told."""
    return state.answer is not None or state.faults >= FAULTS


def repeated(uses: tuple[ToolUse, ...], before: tuple[ToolUse, ...]) -> str:
    """What to tell a model that asks for the same again; empty where it does not."""
    again = [use for place, use in enumerate(uses) if use in (*before, *uses[:place])]
    return f"{again[0].tool.name} was used on this before: use what it found, or something else" if again else ""


def faulted(state: AgentState, reading: AgentReply, fault: str) -> AgentState:
    """The state after a reply that asks for what cannot be done: the model is told why."""
    said, told = Message("assistant", in_words(reading.said)), Message("user", fault)
    return replace(state, turns=(*state.turns, said, told), faults=state.faults + 1)


def advanced(
    state: AgentState, reading: AgentReply, told: tuple[Message, ...], observations: Sequence[Observation]
) -> AgentState:
    """The state after tools were used."""
    found = [passage for observation in observations for passage in observation.passages]
    return replace(
        state,
        known=tuple(dict.fromkeys((*state.known, *found))),
        turns=(*state.turns, reading.said, *told),
        used=(*state.used, *reading.uses),
    )
