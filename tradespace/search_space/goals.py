"""What a study is after: objectives, and the service-level agreement with its split of the latency budget."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Objective:
    """One measure to maximize or minimize: a per-question measure's mean, or a latency or cost figure."""

    measure: str
    maximize: bool


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """The latency that a pipeline must keep.

    `measure` is one of latency_mean, latency_p50, latency_p90, latency_p95, latency_p99; `seconds` its bound;
    `split` groups the online stages between which the bound is divided, such as (("retrieve", "rerank"), ("generate",)).
    """

    measure: str
    seconds: float
    split: tuple[tuple[str, ...], ...] = (("retrieve", "rerank"), ("generate",))
