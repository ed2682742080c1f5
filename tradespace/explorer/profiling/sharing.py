"""How a server of one's own answers several calls at once, fitted to calls that were measured with others under way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from tradespace.explorer.arrays import Floats
from tradespace.explorer.load.profiles import SharingProfile
from tradespace.explorer.profiling.fitting import OUTLYING, residual_scatter, residual_spread, robust_costs


@dataclass(frozen=True, slots=True)
class MeasuredCall:
    """What a call took at a server.

    Attributes:
        call: which it was.
        running: calls that were under way there meanwhile, this one included.
        seconds: to the last token.
        first_token: seconds to the first piece of the text; None where it was not streamed.
        tokens_in, tokens_out: that were read and written.
    """

    call: str
    running: int
    seconds: float
    first_token: float | None
    tokens_in: int
    tokens_out: int


@dataclass(frozen=True, slots=True)
class TokenSpeeds:
    """What a server takes for tokens while so many calls run: `start + read * tokens_in` to the first token, and
    `write` for each one after it (Pope et al. 2023, "Efficiently Scaling Transformer Inference").

    Attributes:
        error: how far calls were off, as of a `SharingProfile`.
    """

    running: int
    start: float
    read: float
    write: float
    error: float


def fit_sharing(calls: Sequence[MeasuredCall]) -> SharingProfile:
    """How much slower each of several calls is than the same call alone, by how many run, and how much of a call alone
    is over with its first token, where replies are streamed.

    A call that wrote more or less than alone, as rounding may have it, is left out.

    Raises:
        ValueError: no call was measured alone.
    """
    alone = _alone(calls)
    if not alone:
        raise ValueError("how a server is shared is told by calls that were measured alone too; given: none of them")
    ratios: defaultdict[int, list[float]] = defaultdict(list)
    for call in calls:
        if (same := alone.get(call.call)) and same[1] == call.tokens_out:
            ratios[call.running].append(call.seconds / same[0])
    by_running = {running: np.log(ratios[running]) for running in sorted(ratios)}
    slowdown = {running: _mean_ratio(logs) if running > 1 else 1.0 for running, logs in by_running.items()}
    residuals = np.concatenate([logs - np.log(slowdown[running]) for running, logs in by_running.items()])
    return SharingProfile(
        tuple(slowdown), tuple(slowdown.values()), max(slowdown), residual_scatter(residuals), _reading(calls)
    )


def fit_speeds(calls: Sequence[MeasuredCall]) -> tuple[TokenSpeeds, ...]:
    """Speeds of tokens for each number of running calls that was measured, ascending."""
    by_running: defaultdict[int, list[MeasuredCall]] = defaultdict(list)
    for call in calls:
        by_running[call.running].append(call)
    return tuple(_speeds(running, by_running[running]) for running in sorted(by_running))


def _alone(calls: Sequence[MeasuredCall]) -> dict[str, tuple[float, int]]:
    """Seconds, in the median, and tokens of calls that were measured alone."""
    taken: defaultdict[str, list[MeasuredCall]] = defaultdict(list)
    for call in calls:
        if call.running == 1:
            taken[call.call].append(call)
    return {name: (median(one.seconds for one in runs), runs[0].tokens_out) for name, runs in taken.items()}


def _reading(calls: Sequence[MeasuredCall]) -> float:
    """The share of their seconds that calls alone took to their first token; 0 where that was not seen."""
    streamed = [call for call in calls if call.running == 1 and call.first_token is not None]
    first = sum(call.first_token or 0.0 for call in streamed)
    return first / sum(call.seconds for call in streamed) if streamed else 0.0


def _mean_ratio(logs: Floats) -> float:
    """The mean of ratios whose logarithms are given, outlying ones cut off."""
    middle, limit = float(np.median(logs)), OUTLYING * residual_spread(logs)
    return float(np.exp(np.clip(logs, middle - limit, middle + limit)).mean())


def _speeds(running: int, calls: Sequence[MeasuredCall]) -> TokenSpeeds:
    rows = [(1.0, call.tokens_in, max(0, call.tokens_out - 1), call.seconds) for call in calls]
    rows += [(1.0, call.tokens_in, 0, call.first_token) for call in calls if call.first_token]
    table = np.array(rows, dtype=np.float64)
    costs = robust_costs(table[:, :3], table[:, 3])
    residuals = np.log(table[:, 3] / np.maximum(table[:, :3] @ costs, np.finfo(np.float64).tiny))
    start, read, write = costs.tolist()
    return TokenSpeeds(running, start, read, write, residual_scatter(residuals))
