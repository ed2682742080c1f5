"""Language models on somebody else's machine: prompts become requests, and replies the samples that were asked for."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal, NamedTuple

from pydantic import Field

from tradespace.components.base import Operator
from tradespace.components.calls.replies import Heard
from tradespace.components.corpus import Corpus
from tradespace.components.llms.base import Draw, in_order, sample_runs
from tradespace.components.llms.instructed import InstructedModel
from tradespace.components.llms.probe import LOADING, TASK
from tradespace.components.remote.background import in_background
from tradespace.components.remote.caller import RemoteCaller
from tradespace.components.remote.requests import RemoteRequests
from tradespace.components.remote.token_counts import estimated_prompt
from tradespace.types import Completion, Failure, NoAnswer, Prompt, Timed


@dataclass(frozen=True, slots=True)
class Reply:
    """What one request brought.

    Attributes:
        completions: at least one, each with an answer or without; maybe fewer than were asked for.
        cached: tokens of the prompt that the server had kept, and did not read again; None where it does not say.
        first_token: seconds from sending the request to the first piece of text; None where the reply came whole.
    """

    completions: Sequence[Heard]
    cached: int | None = None
    first_token: float | None = None


Ask = Callable[[Prompt, int, Set[str]], Awaitable[Reply]]
"""Sends one request for a number of samples, from `prompt.sample` on, without the parameters that are refused."""

SamplingField = Literal["temperature", "top_p", "max_tokens", "stop", "seed"]


class RemoteModel(RemoteCaller, InstructedModel):
    """Requests run in parallel; one that finally fails is a recorded failure, and the others are not affected."""

    unkeyed: ClassVar[frozenset[str]] = InstructedModel.unkeyed | RemoteCaller.unkeyed

    leave_out: tuple[SamplingField, ...] = Field(
        default=(), description="parameters that this model does not support; the server's defaults then apply"
    )

    @abstractmethod
    def connect(self) -> Ask:
        """Make what sends requests.

        Raises:
            ComponentError: it cannot be made, or, as the requests are sent, one failed for good.
            UnavailableError: as a request is sent, it failed but may succeed later.
            ParameterRefusedError: as a request is sent, it may succeed without one of its parameters.
        """

    def sampling(self, prompt: Prompt, seed: int) -> dict[str, Any]:
        """How the prompt is to be completed, as most interfaces call it."""
        wanted: dict[str, Any] = {"temperature": prompt.temperature, "max_tokens": prompt.max_tokens}
        wanted |= {"top_p": prompt.top_p} if prompt.top_p < 1 else {}
        wanted |= {"stop": list(prompt.stop)} if prompt.stop else {}
        wanted |= {"seed": seed} if prompt.temperature > 0 else {}
        return {name: value for name, value in wanted.items() if name not in self.leave_out}

    def open(self, corpus: Corpus) -> Operator:
        return self._operator(self.connect())

    def _operator(self, ask: Ask) -> Operator:
        def send(drawing: _Drawing, refused: Set[str]) -> Awaitable[Reply]:
            return ask(drawing.first, drawing.samples, refused)

        probe = _Drawing(Prompt(self.messages(TASK), max_tokens=LOADING), 1)
        queue = _Queue(self, RemoteRequests.of(self, send, _tokens, _spent, probe))

        def operate(prompts: Sequence[Prompt]) -> list[Draw]:
            grouped = sample_runs(prompts)
            return in_order(prompts, grouped, in_background(queue.all(grouped)))

        return operate


class _Drawing(NamedTuple):
    """One request: so many samples of a prompt, from `first.sample` on."""

    first: Prompt
    samples: int


@dataclass(frozen=True)
class _Queue:
    """The requests of one model, as samples of prompts."""

    model: RemoteModel
    requests: RemoteRequests[_Drawing, Reply]

    async def all(self, grouped: Sequence[tuple[Prompt, int]]) -> list[list[Draw]]:
        return await asyncio.gather(*(self._run(first, count) for first, count in grouped))

    async def _run(self, first: Prompt, count: int) -> list[Draw]:
        """Draw samples of one prompt: greedy ones are all alike, others in one request if the server can do that."""
        if first.temperature == 0:
            return (await self._request(first, 1)) * count
        drawn = await self._request(first, count) if self.model.reads_once else []
        missing = [replace(first, sample=first.sample + place) for place in range(len(drawn), count)]
        others = await asyncio.gather(*(self._request(prompt, 1) for prompt in missing))
        return [*drawn, *(completion for other in others for completion in other)]

    async def _request(self, prompt: Prompt, count: int) -> list[Draw]:
        """One request. A failure stands in the place of every sample asked for."""
        answered = await self.requests.answer(_Drawing(prompt, count))
        if isinstance(answered, Failure):
            return [answered] * count
        reply, address = answered.reply, self.model.address
        times = answered.seconds, answered.waited, address, answered.concurrency, reply.cached, reply.first_token
        return [self._timed(heard, Timed(_written(heard), *times)) for heard in reply.completions[:count]]

    def _timed(self, heard: Heard, timed: Timed) -> Draw:
        return replace(heard, message=f"{self.model!r}: {heard.message}") if isinstance(heard, NoAnswer) else timed


def _written(heard: Heard) -> Completion:
    return heard.reply if isinstance(heard, NoAnswer) else heard


def _tokens(drawing: _Drawing) -> int:
    """About how many tokens a request may take, the way providers count: those it has, and all it may write."""
    prompt, count = drawing
    return estimated_prompt(prompt.messages) + prompt.max_tokens * count


def _spent(reply: Reply) -> int:
    written = [_written(heard) for heard in reply.completions]
    return written[0].tokens_in + sum(completion.tokens_out for completion in written)
