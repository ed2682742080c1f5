"""The page: five claims as tables with intervals, and the figures behind them."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from itertools import pairwise
from statistics import median
from typing import Any

import numpy as np
import numpy.typing as npt

from training.reasoner.measures import Answered, Measured

GROUPS = ("one hop", "multi-hop", "arithmetic", "compare and count", "all")
RESAMPLES = 10_000
By = dict[str, dict[str, Answered]]
Rights = npt.NDArray[np.bool_]
Shares = npt.NDArray[np.float64]


def chosen(answered: Answered, group: str) -> Rights:
    """Return which items of a group were answered right."""
    return np.array(
        [right for right, its in zip(answered.right, answered.groups, strict=True) if group in ("all", its)], dtype=bool
    )


def share(right: Rights) -> dict[str, float]:
    """Return the share that is right with its 95 % Wilson interval, in percent."""
    from scipy.stats import binomtest

    interval = binomtest(int(right.sum()), len(right)).proportion_ci(0.95, method="wilson")
    return {"percent": 100 * float(right.mean()), "low": 100 * interval.low, "high": 100 * interval.high}


def gain(better: Rights | Shares, worse: Rights | Shares) -> dict[str, float]:
    """Return the difference in percentage points on the same items with its 95 % bootstrap interval (seeded)."""
    differences = better.astype(float) - worse.astype(float)
    rows = np.random.default_rng(0).integers(0, len(differences), (RESAMPLES, len(differences)))
    low, high = np.quantile(differences[rows].mean(axis=1), (0.025, 0.975))
    return {"points": 100 * float(differences.mean()), "low": 100 * float(low), "high": 100 * float(high)}


def page(measured: dict[str, Measured]) -> tuple[str, dict[str, Any]]:
    """Return the Markdown page and the figures as a JSON value."""
    answered = {size: its.ways for size, its in measured.items()}
    first = next(iter(measured.values()))
    figures = {
        "questions": first.questions,
        "threads": first.threads,
        "claims": _claims_of(answered),
        "percent_right": _shares(answered),
        "samples": {size: _sampled(ways) for size, ways in answered.items()},
        "unknown_when_missing": {size: _unknown(ways) for size, ways in answered.items()},
        "costs": {size: _costs(ways) for size, ways in answered.items()},
        "speed": {size: asdict(its.speed) for size, its in measured.items()},
    }
    return "\n".join(_markdown(figures)) + "\n", figures


def _claims_of(answered: By) -> dict[str, dict[str, dict[str, Any]]]:
    return {
        "(a) thinking step by step over answering directly": _gains(answered, "think", "direct"),
        "(b) a majority of 8 samples over one sample": _gains(answered, "majority of 8", "majority of 1"),
        "(b) a majority of 32 samples over one sample": _gains(answered, "majority of 32", "majority of 1"),
        "(c) a bigger model over a smaller one, thinking": _bigger(answered, "think"),
        "(c) a bigger model over a smaller one, answering directly": _bigger(answered, "direct"),
        "(d) calculator over mental arithmetic, greedy": _gains(answered, "calculate", "think", ("arithmetic",)),
        "(d) calculator over mental arithmetic, sampled": {
            size: {"arithmetic": _mean_gain(ways["sampled, calculator"], ways["sampled"], "arithmetic")}
            for size, ways in answered.items()
        },
        "(d) calculator over answering directly": _gains(answered, "calculate", "direct", ("arithmetic",)),
        "(e) all passages over one passage missing": _gains(answered, "think", "think, passage missing"),
    }


def _mean_gain(better: Answered, worse: Answered, group: str) -> dict[str, float]:
    """Return the gain in the mean share of right samples of each item, bootstrapped over items."""
    return gain(_sample_shares(better, group), _sample_shares(worse, group))


def _sample_shares(sampled: Answered, group: str) -> Shares:
    return np.array(
        [
            np.mean([answer == truth for answer in answers])
            for answers, truth, its in zip(sampled.answers, sampled.truths, sampled.groups, strict=True)
            if group in ("all", its)
        ]
    )


def _sampled(ways: dict[str, Answered]) -> dict[str, float]:
    return {
        way: 100 * float(_sample_shares(ways[way], "arithmetic").mean()) for way in ("sampled", "sampled, calculator")
    }


def _shares(answered: By) -> dict[str, dict[str, dict[str, dict[str, float]]]]:
    return {
        size: {way: {group: share(chosen(result, group)) for group in GROUPS} for way, result in ways.items()}
        for size, ways in answered.items()
    }


def _gains(answered: By, better: str, worse: str, groups: Sequence[str] = GROUPS) -> dict[str, dict[str, Any]]:
    return {
        size: {g: gain(chosen(ways[better], g), chosen(ways[worse], g)) for g in groups}
        for size, ways in answered.items()
        if better in ways
    }


def _bigger(answered: By, way: str) -> dict[str, dict[str, Any]]:
    sizes = list(answered)
    return {
        f"{bigger} over {smaller}": {
            g: gain(chosen(answered[bigger][way], g), chosen(answered[smaller][way], g)) for g in GROUPS
        }
        for smaller, bigger in pairwise(sizes)
    }


def _unknown(ways: dict[str, Answered]) -> float:
    answers = ways["think, passage missing"].answers
    return 100 * sum(sampled[0] == "unknown" for sampled in answers) / len(answers)


def _costs(ways: dict[str, Answered]) -> dict[str, dict[str, float]]:
    return {
        way: {"milliseconds": median(its.milliseconds), "tokens": float(np.mean(its.tokens_out))}
        for way, its in ways.items()
        if not way.startswith("majority")
    }


def _markdown(figures: dict[str, Any]) -> Iterable[str]:
    yield (
        f"Written by `python -m training.reasoner.evaluate` from the committed weights: {figures['questions']} "
        "questions about held-out worlds, eight passages each; brackets are 95 % intervals (Wilson for shares, "
        f"paired bootstrap for differences); CPU, {figures['threads']} thread(s), float32. "
        "Samples are drawn at temperature 0.8, all else is greedy. `sampled` rows count the first of 32 samples."
    )
    yield from _claims(figures["claims"])
    for size, ways in figures["percent_right"].items():
        yield from _table(f"Percent right: {size}", ("call", *GROUPS), _share_rows(ways))
    yield from _missing(figures)
    yield from _cost_table(figures["costs"])
    yield from _speeds(figures["speed"])


def _table(title: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterable[str]:
    yield from ("", f"### {title}", "", f"| {' | '.join(header)} |", f"|{'---|' * len(header)}")
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _claims(claims: dict[str, dict[str, dict[str, dict[str, float]]]]) -> Iterable[str]:
    rows = [
        (claim, models, *(_points(groups.get(group)) for group in GROUPS))
        for claim, sizes in claims.items()
        for models, groups in sizes.items()
    ]
    return _table("The five claims: gains in percentage points", ("claim", "model", *GROUPS), rows)


def _points(value: dict[str, float] | None) -> str:
    return "" if value is None else f"{value['points']:+.0f} [{value['low']:+.0f}, {value['high']:+.0f}]"


def _share_rows(ways: dict[str, dict[str, dict[str, float]]]) -> Iterable[Sequence[str]]:
    for way, groups in ways.items():
        cells = (f"{v['percent']:.0f} [{v['low']:.0f}, {v['high']:.0f}]" for v in groups.values())
        yield (way, *cells)


def _missing(figures: dict[str, Any]) -> Iterable[str]:
    rows = [
        (size, f"{figures['percent_right'][size]['think, passage missing']['all']['percent']:.0f}", f"{percent:.0f}")
        for size, percent in figures["unknown_when_missing"].items()
    ]
    header = ("model", "percent right", 'percent "unknown"')
    return _table("A needed passage missing (thinking)", header, rows)


def _cost_table(costs: dict[str, dict[str, dict[str, float]]]) -> Iterable[str]:
    rows = [
        (size, way, f"{cost['milliseconds']:.0f}", f"{cost['tokens']:.0f}")
        for size, ways in costs.items()
        for way, cost in ways.items()
    ]
    return _table("Cost of an answer", ("model", "call", "median milliseconds", "mean tokens out"), rows)


def _speeds(speeds: dict[str, dict[str, Any]]) -> Iterable[str]:
    rows = [
        (
            size, f"{speed['parameters']:,}", f"{speed['load_seconds']:.2f}", str(samples),
            f"{ours['milliseconds']:.0f}", f"{theirs['milliseconds']:.0f}",
            f"{theirs['milliseconds'] / ours['milliseconds']:.1f}",
            f"{ours['tokens_per_second']:.0f}", f"{theirs['tokens_per_second']:.0f}",
            f"{ours['tokens_per_second'] / theirs['tokens_per_second']:.1f}",
        )
        for size, speed in speeds.items()
        for samples, ours in speed["engine"].items()
        for theirs in (speed["transformers"][samples],)
    ]  # fmt: skip
    header = (
        "model", "parameters", "load s", "samples", "engine ms", "transformers ms", "ratio",
        "engine tokens/s", "transformers tokens/s", "ratio",
    )  # fmt: skip
    return _table("Chains of thought: the engine beside `transformers.generate`", header, rows)
