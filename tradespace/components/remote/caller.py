"""What all components have whose calls a server answers: how patiently, and how fast, it is asked."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from pydantic import Field

from tradespace.components.priced import PricedModel
from tradespace.components.remote.location import on_this_machine
from tradespace.components.trust import Trust


class RemoteCaller(PricedModel, ABC):
    """Settings of asking a server. None of them shapes what it answers, so none is part of an address."""

    remote: ClassVar[bool] = True
    unkeyed: ClassVar[frozenset[str]] = frozenset(
        {"concurrency", "requests_per_minute", "tokens_per_minute", "timeout", "attempts", "own"}
    )

    model: str = Field(min_length=1, description="the model's name at its server")
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
    @abstractmethod
    def address(self) -> str:
        """Where the model answers: what its timings and its limits belong to."""

    @property
    def host(self) -> str:
        """The name or address of the machine that answers; empty where that is not known."""
        return ""

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
    def timed_apart(self) -> bool:
        return on_this_machine(self.host) if self.own is None else self.own
