"""Language models on somebody else's machine: called in parallel, within rate limits, with retries.

Each call tells its service time from the time that was waited before: for a rate limit, and for attempts that failed
with the pauses after them. Waiting for a place among one's own requests is neither: it is the exploration's own load.
"""

from __future__ import annotations

import asyncio
import time
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

from pydantic import Field

from tradespace.components.base import Operator
from tradespace.components.calls.replies import Heard
from tradespace.components.corpus import Corpus
from tradespace.components.llms.background import in_background
from tradespace.components.llms.base import Draw, in_order, sample_runs
from tradespace.components.llms.circuit import Circuit
from tradespace.components.llms.dialects import Dialect, shared_dialect
from tradespace.components.llms.instructed import InstructedModel
from tradespace.components.llms.limits import RequestLimits, shared
from tradespace.components.llms.location import on_this_machine
from tradespace.components.llms.probe import LOADING, TASK
from tradespace.components.llms.refusals import ParameterRefusedError, UnavailableError
from tradespace.components.llms.token_counts import estimated_prompt
from tradespace.components.trust import Trust
from tradespace.errors import ComponentError
from tradespace.types import Failure, NoAnswer, Prompt, Timed, Unavailable

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0
"""Seconds: the pause after the first failed attempt, doubled after each further one, and the longest of all."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What one request brought.

    Attributes:
        completions: at least one, each with an answer or without; maybe fewer than were asked for.
        cached: tokens of the prompt that the server had kept, and did not read again; None where it does not say.
    """

    completions: Sequence[Heard]
    cached: int | None = None


Ask = Callable[[Prompt, int, Set[str]], Awaitable[Reply]]
"""Sends one request for a number of samples, from `prompt.sample` on, without the parameters that are refused."""

SamplingField = Literal["temperature", "top_p", "max_tokens", "stop", "seed"]


class SlowError(UnavailableError):
    """There was no answer in time."""


class RemoteModel(InstructedModel):
    """Requests run in parallel; one that finally fails is a recorded failure, and the others are not affected."""

    remote: ClassVar[bool] = True
    unkeyed: ClassVar[frozenset[str]] = InstructedModel.unkeyed | {
        "concurrency", "requests_per_minute", "tokens_per_minute", "timeout", "attempts", "own"
    }  # fmt: skip

    model: str = Field(min_length=1, description="the model's name at its server")
    leave_out: tuple[SamplingField, ...] = Field(
        default=(), description="parameters that this model does not support; the server's defaults then apply"
    )
    concurrency: int = Field(
        default=16, ge=1, le=1024, description="requests in flight at the same time, over the whole run"
    )
    requests_per_minute: float | None = Field(
        default=None, gt=0, description="at most so many requests per minute, over the whole run"
    )
    tokens_per_minute: float | None = Field(
        default=None, gt=0, description="at most so many input and output tokens per minute, over the whole run"
    )
    timeout: float = Field(default=120.0, ge=0.1, le=3600, description="seconds after which an attempt times out")
    attempts: int = Field(
        default=5, ge=1, le=20, description="how often a request is tried before it counts as a failure"
    )
    own: bool | None = Field(
        default=None,
        description="whether the server is your own, so that its calls can be made again to be timed, one at a time; "
        "by default, a server on this machine is",
    )

    @property
    def listed_as(self) -> str:
        return self.model

    @property
    def needs(self) -> frozenset[Trust]:
        return super().needs | {Trust.SERVER}

    @property
    def batch_size(self) -> int:
        return 8 * self.concurrency

    @property
    @abstractmethod
    def address(self) -> str:
        """Where the model answers: what its timings and its limits belong to."""

    @property
    def host(self) -> str:
        """The name or address of the machine that answers; empty where that is not known."""
        return ""

    @property
    def timed_apart(self) -> bool:
        return on_this_machine(self.host) if self.own is None else self.own

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
        limits = shared(self.address, self.model)
        limits.tighten(self.requests_per_minute, self.tokens_per_minute, self.concurrency)
        limits.circuit.close()
        queue = _Queue(self, ask, limits, shared_dialect(self.address, self.host, self.model))

        def operate(prompts: Sequence[Prompt]) -> list[Draw]:
            grouped = sample_runs(prompts)
            return in_order(prompts, grouped, in_background(queue.all(grouped)))

        return operate


@dataclass(frozen=True)
class _Queue:
    """The requests of one model on their way."""

    model: RemoteModel
    ask: Ask
    limits: RequestLimits
    dialect: Dialect

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
        """One request, repeated while that can help. A failure stands in the place of every sample asked for."""
        from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt

        retrying = AsyncRetrying(
            stop=stop_after_attempt(self.model.attempts),
            retry=retry_if_exception(lambda error: isinstance(error, UnavailableError) and not self.circuit.reason),
            wait=_pause,
            reraise=True,
        )
        async with self.limits.slot():
            asked = time.monotonic()
            try:
                self._refuse_to_ask()
                drawn: list[Draw] = await retrying(self._attempt, prompt, count, asked)
            except ComponentError as error:
                if not isinstance(error, SlowError):  # each of its attempts was counted
                    await self.circuit.failed(self._probe)
                return [self._failure(error)] * count
            self.circuit.answered()
            return drawn

    @property
    def circuit(self) -> Circuit:
        """Open where the model's server is down."""
        return self.limits.circuit

    def _refuse_to_ask(self) -> None:
        if self.circuit.reason:
            raise ComponentError(self.circuit.reason)

    def _failure(self, error: ComponentError) -> Failure:
        """What is wrong with one request or, once the circuit is open, with all."""
        if self.circuit.reason:
            return Unavailable(f"{self.model!r} does not answer: {self.circuit.reason}")
        if isinstance(error, UnavailableError):
            return Failure(f"{self.model!r} failed {self.model.attempts} times; the last time: {error}")
        return Failure(f"{self.model!r}: {error}")

    async def _probe(self) -> None:
        """Ask something short, once.

        Raises:
            ComponentError: there is no answer.
        """
        with suppress(ParameterRefusedError):  # which is an answer too
            await self._answered(Prompt(self.model.messages(TASK), max_tokens=LOADING), 1, self.dialect.refused)

    async def _answered(self, prompt: Prompt, count: int, refused: Set[str]) -> Reply:
        """The reply to a request. The time limit is on the whole of it, however it trickles in."""
        try:
            async with asyncio.timeout(self.model.timeout):
                return await self.ask(prompt, count, refused)
        except TimeoutError:
            raise SlowError(f"no answer within {self.model.timeout:g} seconds") from None

    async def _attempt(self, prompt: Prompt, count: int, asked: float) -> list[Draw]:
        """One attempt of a request that was first made at `asked`, made again without each parameter that is refused.

        What the server does not take is kept only if it answers without: it may have meant something else.
        """
        refusals: dict[str, str] = {}
        while True:
            try:
                drawn = await self._sent(prompt, count, asked, {*self.dialect.refused, *refusals})
            except ParameterRefusedError as error:
                refusals[error.name] = str(error)
            else:
                self.dialect.learn(refusals)
                return drawn

    async def _sent(self, prompt: Prompt, count: int, asked: float, refused: Set[str]) -> list[Draw]:
        """Send a request without what is refused, and take its time."""
        tokens = _tokens(prompt, count)
        await self.limits.admit(tokens)
        sent, company = time.monotonic(), self.limits.running
        try:
            reply = await self._answered(prompt, count, refused)
        except SlowError:
            await self.circuit.failed(self._probe)  # all attempts would take far longer than a server is missed
            raise
        except UnavailableError as error:
            self.limits.hold(min(error.pause or 0.0, LONGEST_PAUSE))
            raise
        seconds, drawn = time.monotonic() - sent, reply.completions
        company = max(company, self.limits.running)
        written = [completion.reply if isinstance(completion, NoAnswer) else completion for completion in drawn]
        self.limits.tokens.give_back(
            tokens - written[0].tokens_in - sum(completion.tokens_out for completion in written)
        )
        timed = Timed(written[0], seconds, sent - asked, self.model.address, company, reply.cached)
        return [self._timed(completion, timed) for completion in drawn[:count]]

    def _timed(self, drawn: Heard, timed: Timed) -> Draw:
        if isinstance(drawn, NoAnswer):
            return replace(drawn, message=f"{self.model!r}: {drawn.message}")
        return replace(timed, outcome=drawn)


def _pause(state: Any) -> float:
    """Seconds until the next attempt: as long as the server asked for, else twice as long each time, with jitter.

    Raises:
        ComponentError: the server asks for more than `LONGEST_PAUSE`.
    """
    from tenacity import wait_random_exponential

    error = state.outcome.exception()
    if error.pause is None:
        return FIRST_PAUSE / 2 + wait_random_exponential(FIRST_PAUSE, LONGEST_PAUSE)(state)
    if error.pause > LONGEST_PAUSE:
        raise ComponentError(f"{error}; it asks to wait for {error.pause:g} seconds: run again later") from None
    return float(error.pause)


def _tokens(prompt: Prompt, count: int) -> int:
    """About how many tokens a request may take, the way providers count: those it has, and all it may write."""
    return estimated_prompt(prompt.messages) + prompt.max_tokens * count
