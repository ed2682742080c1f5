"""The tables of the page, out of runs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from bench.page import table
from bench.search.measurement import BUDGETS, GRID, LEVELS, quantile
from bench.search.recording import Recording

Runs = Sequence[Mapping[str, Any]]
REFERENCES = ("oracle", "frontier", "exhaustive")
"""What is no baseline."""
LARGE = 1000


def prices(runs: Mapping[str, Runs]) -> str:
    """What strategies paid until they had 95 and 99 % of the area for good."""
    limit = _reached(runs["oracle"], "0.99", 0.5)
    best = best_baseline(runs)
    rows = []
    for name, of_strategy in runs.items():
        shares = [_middle_and_tail(of_strategy, f"{level:g}") for level in LEVELS]
        middle = _reached(of_strategy, "0.99", 0.5)
        rows.append(
            [
                name,
                *shares,
                _times(middle / limit),
                _times(middle / best),
                f"{100 * np.mean([run['spent'] for run in of_strategy]):.0f} %",
                f"{100 * np.mean([run['final'] for run in of_strategy]):.1f} %",
                _seconds(of_strategy),
                str(len(of_strategy)),
            ]
        )
    head = [
        "",
        "95 %",
        "99 %",
        "of the oracle's",
        "of the best baseline's",
        "spent",
        "area at the end",
        "own work",
        "seeds",
    ]
    return table(head, rows)


def fresh(runs: Mapping[str, Runs]) -> str:
    """What the pipelines that strategies would recommend and show are worth on fresh questions."""
    columns = [f"{share:.0%}" for share in BUDGETS]
    head = ["", *[f"regret at {each}" for each in columns], *[f"area at {each}" for each in columns], "over the bound"]
    rows = []
    for name, of_strategy in runs.items():
        budgets = [[run["budgets"][f"{share:g}"] for run in of_strategy] for share in BUDGETS]
        rows.append(
            [
                name,
                *[f"{np.mean([each['regret'] for each in at]):.1f}" for at in budgets],
                *[f"{100 * np.mean([each['fresh'] for each in at]):.0f} %" for at in budgets],
                f"{100 * np.mean([each['over'] for each in budgets[-1]]):.0f} %",
            ]
        )
    return table(head, rows)


def summary(spaces: Mapping[str, tuple[Recording, Mapping[str, Runs]]]) -> str:
    """What the spaces are, and how the strategy does on each."""
    rows = []
    for name, (recording, runs) in spaces.items():
        unit = "s" if recording.unit == "s" else "dollars"
        limit, own = (_reached(runs[strategy], "0.99", 0.5) for strategy in ("oracle", "frontier"))
        best = best_baseline(runs)
        rows.append(
            [
                name,
                f"{len(recording.pipelines):,}",
                f"{len(np.unique(recording.alike)):,}",
                f"{recording.explore} + {recording.scores.shape[1] - recording.explore}",
                f"{len(np.unique(recording.calls)):,}",
                f"{recording.total:.3g} {unit}",
                _percent(limit),
                _percent(own),
                _percent(best),
                _times(own / limit),
                _times(own / best),
                _times(limit / best),
            ]
        )
    head = [
        "space",
        "pipelines",
        "classes",
        "questions",
        "calls",
        "price of all",
        "oracle",
        "frontier",
        "best baseline",
    ]
    return table([*head, "frontier / oracle", "frontier / baseline", "oracle / baseline"], rows)


def aims(spaces: Mapping[str, tuple[Recording, Mapping[str, Runs]]]) -> str:
    """What was aimed at, and what was measured: a row for each aim, a column for each space."""
    measured = [_aimed_at(recording, runs) for recording, runs in spaces.values()]
    return table(["", *spaces], [[aim, *[column[aim] for column in measured]] for aim in measured[0]])


def _aimed_at(recording: Recording, runs: Mapping[str, Runs]) -> dict[str, str]:
    own = runs["frontier"]
    reached = _reached(own, "0.99", 0.5)
    of_oracle, of_best = reached / _reached(runs["oracle"], "0.99", 0.5), reached / best_baseline(runs)
    wrongly = float(np.mean([run["raced_out_wrongly"] > 0 for run in own]))
    refused = sum(run["refused_wrongly"] for run in own) / max(1, sum(run["refused"] for run in own))
    behind, work = _behind(runs), _work(own)
    large = len(np.unique(recording.alike)) >= LARGE
    return {
        "99 % of the area: at most 1.25 times the oracle's price": _judged(f"{of_oracle:.2f} ×", of_oracle <= 1.25),
        "of at least 1,000 classes: at most a sixth of the best baseline's": (
            _judged(f"{of_best:.2f} ×", of_best <= 1 / 6) if large else f"{of_best:.2f} ×, small"
        ),
        "fresh regret no worse than any baseline's, at any budget": _judged(
            f"{behind:.1f} points behind", behind <= 0.05
        ),
        "runs in which a pipeline is raced out wrongly: at most 5 %": _judged(
            f"{100 * wrongly:.0f} %", wrongly <= 0.05
        ),
        "false among the refused: at most 5 %": _judged(f"{100 * refused:.1f} %", refused <= 0.05),
        "own work: at most 2 % of the run": (
            _judged(f"{100 * work:.1f} %", work <= 0.02) if recording.unit == "s" else _seconds(own)
        ),
    }


def _judged(measured: str, met: bool) -> str:
    return f"{measured}, {'met' if met else 'missed'}"


def _behind(runs: Mapping[str, Runs]) -> float:
    """Points of mean regret that `frontier` is behind the best baseline, at the budget where that is most."""
    means = {
        name: [np.mean([run["budgets"][f"{share:g}"]["regret"] for run in of_strategy]) for share in BUDGETS]
        for name, of_strategy in runs.items()
    }
    best = np.min([row for name, row in means.items() if name not in REFERENCES], axis=0)
    return float(np.max(np.array(means["frontier"]) - best))


def _work(runs: Runs) -> float:
    """Seconds of a strategy's own work as a share of all seconds, its calls' included."""
    return float(np.median([run["thinking"] / (run["thinking"] + run["seconds"]) for run in runs]))


def verdicts(spaces: Mapping[str, tuple[Recording, Mapping[str, Runs]]]) -> str:
    """What `frontier` said of pipelines on the way, and how often that is false."""
    rows = []
    for name, (_, runs) in spaces.items():
        own = runs["frontier"]
        sums = {
            key: sum(run[key] for run in own)
            for key in ("raced_out", "raced_out_wrongly", "refused", "refused_wrongly")
        }
        false_runs = np.mean([run["raced_out_wrongly"] > 0 for run in own])
        rows.append(
            [
                name,
                f"{sums['raced_out'] / len(own):.1f}",
                _part(sums["raced_out_wrongly"], sums["raced_out"]),
                f"{100 * false_runs:.1f} %",
                f"{sums['refused'] / len(own):.1f}",
                _part(sums["refused_wrongly"], sums["refused"]),
                f"{100 * np.mean([run['missed'] for run in own]):.1f} %",
                str(len(own)),
            ]
        )
    head = [
        "space",
        "raced out",
        "of these wrongly",
        "runs with any",
        "refused",
        "of these wrongly",
        "shown but over",
        "seeds",
    ]
    return table(head, rows)


def curves(runs: Mapping[str, Runs], names: Sequence[str]) -> dict[str, list[tuple[float, float]]]:
    """The median share of the area at each price, for the figure."""
    return {
        name: list(zip(GRID.tolist(), np.median([run["curve"] for run in runs[name]], axis=0).tolist(), strict=True))
        for name in names
        if name in runs
    }


def best_baseline(runs: Mapping[str, Runs]) -> float:
    """The least median share that a baseline needs for 99 % of the area."""
    return min(_reached(of_strategy, "0.99", 0.5) for name, of_strategy in runs.items() if name not in REFERENCES)


def _reached(runs: Runs, level: str, at: float) -> float:
    return quantile([run["reached"][level] for run in runs], at)


def _middle_and_tail(runs: Runs, level: str) -> str:
    return f"{_percent(_reached(runs, level, 0.5))} ({_percent(_reached(runs, level, 0.9))})"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if math.isfinite(share) else "never"


def _times(ratio: float) -> str:
    return f"{ratio:.2f} ×" if math.isfinite(ratio) else "–"


def _part(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f} %" if whole else "–"


def _seconds(runs: Runs) -> str:
    """Processor seconds of the strategy itself, in the median."""
    return f"{np.median([run['thinking'] for run in runs]):.2f} s"
