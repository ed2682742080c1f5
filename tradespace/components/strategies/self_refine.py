"""Self-refine: the model criticises its own answer and rewrites it (Madaan et al. 2023)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from pydantic import Field

from tradespace.components.answers import extract
from tradespace.components.base import Process, completion_of
from tradespace.components.processes import Rounds
from tradespace.components.prompts.tasks import CRITICISE, THINK
from tradespace.components.strategies.algebra import loop
from tradespace.components.strategies.base import Drawing, ModelCaller, Strategy
from tradespace.components.strategies.candidates import Temperature
from tradespace.types import Completion, Message, Request


@dataclass(frozen=True, slots=True)
class Revision:
    """The answer so far, what was said about it, and whether the critic is content."""

    written: Completion
    turns: tuple[Message, ...] = ()
    rewritten: int = 0
    approved: bool = False


class SelfRefine(Strategy):
    """A greedy chain of thought, then up to `rewrites` times a critique and, if that finds a mistake, a new chain.

    All calls are made one after the other. A new chain is drawn at `temperature`, so that models which cannot read the
    critique do not repeat themselves.
    """

    name: ClassVar[str] = "self_refine"
    in_words: ClassVar[str] = "by a chain of thought, which it rewrites up to {rewrites} times"

    rewrites: int = Field(default=2, ge=1, le=16, description="maximum number of rewrites")
    temperature: Temperature = 0.8

    def run(self, model_caller: ModelCaller, request: Request) -> Process:
        def improved(draft: Revision) -> Rounds[Revision]:
            (outcome,) = yield (model_caller.call(CRITICISE, request, proposed=model_caller.conclusion(draft.written)),)
            critique = completion_of(outcome).text
            if extract(critique, "yes_no") == "yes":
                return replace(draft, approved=True)
            turns = (*draft.turns, *conversation(draft.written.text, critique))
            drawing = Drawing(self.temperature, sample=draft.rewritten)
            (outcome,) = yield (model_caller.call(THINK, request, drawing, turns=turns),)
            return Revision(completion_of(outcome), turns, draft.rewritten + 1)

        (outcome,) = yield (model_caller.call(THINK, request),)
        draft = yield from loop(
            Revision(completion_of(outcome)), improved, until=lambda draft: draft.approved, deadline=self.rewrites
        )
        return model_caller.answered(model_caller.conclusion(draft.written), draft.written, request)


def conversation(said: str, reply: str) -> tuple[Message, Message]:
    """What the model said and the reply to it, as two messages of a chat."""
    return Message("assistant", said), Message("user", f"{reply}\n\nTry again, and mend what is wrong.")
