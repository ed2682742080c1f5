"""A system that runs already: what it was seen to take, as the point from which a study says where to go."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from tradespace import files
from tradespace.data.traces import RecordedRequest, StageUse
from tradespace.errors import Fault, InputError
from tradespace.evals.figures import LATENCIES, USD_PER_1K
from tradespace.evals.statistics import SCORES, Estimate, Values, mean

OBSERVED_FILE = "observed.json"
_THOUSAND = 1000


class ObservedFigure(BaseModel):
    """A figure with its 95 % interval, where that is finite, over so many requests."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float
    low: float | None = None
    high: float | None = None
    n: int


class ObservedStage(BaseModel):
    """Means over the requests that used a stage: seconds, tokens, dollars; None where they were not recorded."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    requests: int
    seconds: float | None = None
    tokens_in: float | None = None
    tokens_out: float | None = None
    usd: float | None = None


class ObservedSystem(BaseModel):
    """What a running system was seen to take.

    Attributes:
        recorded_as: the formats of the traces.
        requests: how many were recorded.
        failed: those that ended with an error: infinitely slow, in every latency.
        untimed: those of which it is not known how long they took; they are in no latency.
        pipeline: what runs there, in the notation of pipelines; empty where that was not said.
        components: the same by stage.
        figures: by name: latencies, dollars, and scores that requests were given. What failures make infinite is left
            out.
        stages: what each stage used.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    recorded_as: tuple[str, ...] = ()
    requests: int
    failed: int = 0
    untimed: int = 0
    pipeline: str = ""
    components: Mapping[str, str] = {}
    figures: Mapping[str, ObservedFigure] = {}
    stages: Mapping[str, ObservedStage] = {}


def observed_system(
    requests: Sequence[RecordedRequest],
    recorded_as: Sequence[str] = (),
    measures: Mapping[str, str] | None = None,
) -> ObservedSystem:
    """Summarise what was recorded.

    Args:
        requests: at least one.
        recorded_as: the formats that they were read from.
        measures: the measure that a score of the recording is, by its own name; others keep theirs. None where no score
            is to be kept.
    """
    seconds = [math.inf if request.failed else request.seconds for request in requests]
    latencies = {figure.name: figure.summary.estimates([seconds])[0] for figure in LATENCIES}
    usd = {USD_PER_1K.name: mean([_thousandfold(request.usd) for request in requests], within=None)}
    scores = {} if measures is None else _scores(requests, measures)
    named = {name: _figure(estimate) for name, estimate in (latencies | usd | scores).items()}
    return ObservedSystem(
        recorded_as=tuple(recorded_as),
        requests=len(requests),
        failed=sum(request.failed for request in requests),
        untimed=sum(each is None for each in seconds),
        figures={name: figure for name, figure in named.items() if figure},
        stages=_stages(requests),
    )


def read_observed(path: Path) -> ObservedSystem:
    """Read what `tradespace import` wrote of a system.

    Raises:
        FileError: the file cannot be read.
        InputError: it holds something else.
    """
    value = files.json_value(files.read_text(path), path)
    try:
        return ObservedSystem.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "it"
        raise InputError(
            [Fault(f"must be a file `{OBSERVED_FILE}` of `tradespace import`; {where}: {first['msg']}", str(path))]
        ) from None


def _scores(requests: Sequence[RecordedRequest], measures: Mapping[str, str]) -> dict[str, Estimate]:
    """Means of the scores that lie between 0 and 1: others compare with none of ours."""
    names = dict.fromkeys(name for request in requests for name in request.scores)
    rows: dict[str, Values] = {name: [request.scores.get(name) for request in requests] for name in names}
    return {measures.get(name, name): mean(row) for name, row in rows.items() if _are_scores(row)}


def _are_scores(row: Values) -> bool:
    return all(score is None or SCORES[0] <= score <= SCORES[1] for score in row)


def _figure(estimate: Estimate) -> ObservedFigure | None:
    if estimate.value is None or not math.isfinite(estimate.value):
        return None
    low, high = (end if end is not None and math.isfinite(end) else None for end in (estimate.low, estimate.high))
    return ObservedFigure(value=estimate.value, low=low, high=high, n=estimate.n)


def _stages(requests: Sequence[RecordedRequest]) -> dict[str, ObservedStage]:
    names = dict.fromkeys(name for request in requests for name in request.stages)
    uses = {name: [request.stages[name] for request in requests if name in request.stages] for name in names}
    return {name: _stage(some) for name, some in uses.items()}


def _stage(uses: Sequence[StageUse]) -> ObservedStage:
    return ObservedStage(
        requests=len(uses),
        seconds=_mean([use.seconds for use in uses]),
        tokens_in=_mean([use.tokens_in for use in uses]),
        tokens_out=_mean([use.tokens_out for use in uses]),
        usd=_mean([use.usd for use in uses]),
    )


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _thousandfold(usd: float | None) -> float | None:
    return None if usd is None else _THOUSAND * usd
