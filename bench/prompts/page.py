"""The page of what was found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np

from bench.page import machine, table
from bench.prompts.comparison import SCORES, Comparison, told
from tradespace.evals.statistics import Estimate, means
from tradespace.plurals import agreeing

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks-prompts.md"
INTRODUCTION = (Path(__file__).parent / "introduction.md").read_text(encoding="utf-8")


def write_page(comparison: Comparison) -> None:
    """Write the page from what was explored and asked."""
    PAGE.write_text("\n\n".join(_sections(comparison)) + "\n", encoding="utf-8")


def _sections(comparison: Comparison) -> Iterator[str]:
    yield INTRODUCTION.strip()
    yield f"## On explore questions\n\n{_raced(comparison)}\n\n{_explored(comparison)}"
    yield f"## On fresh questions\n\n{_fresh(comparison)}\n\n**{verdict(comparison.difference)}**"
    yield f"## The found prompt\n\n```text\n{comparison.found}\n```"
    yield f"Measured {date.today().isoformat()} on {machine()}."


def _raced(comparison: Comparison) -> str:
    account = comparison.search.account
    assert account
    alike = sum(map(len, account.alike.values()))
    drawn = agreeing(comparison.drawn, "answer was", "answers were")
    return (
        f"Under the preset {drawn} right enough to become an example. "
        f"{account.candidates} prompts were raced. {len(account.complete)} were asked all "
        f"questions, {alike} came to the same as one of these, {len(account.raced_out)} were dropped on the way, and "
        f"{len(account.open)} were left when none of them was expected to be better. Those that were asked everything, "
        "with the mean F1 and its 95 % interval, each alone:"
    )


def _explored(comparison: Comparison) -> str:
    explored = comparison.explored
    rows = [
        (*told(pipeline), points(estimate))
        for pipeline, estimate in zip(explored, means(list(explored.values())), strict=True)
    ]
    return table(("instruction", "examples", "F1"), rows)


def _fresh(comparison: Comparison) -> str:
    rows = []
    for name, pipeline in (("preset", comparison.preset), ("found", comparison.found)):
        scores = comparison.fresh_scores[pipeline]
        rows.append((name, *(f"{100 * float(np.mean(scores[measure])):.1f}" for measure in SCORES)))
    head = (f"prompt, on {comparison.fresh} questions", "F1", "exact match, %", "answer contained, %")
    return table(head, rows)


def points(estimate: Estimate) -> str:
    """A mean with its interval, in hundredths."""
    assert estimate.value is not None
    assert estimate.low is not None
    assert estimate.high is not None
    return f"{100 * estimate.value:.1f} ({100 * estimate.low:.1f} to {100 * estimate.high:.1f})"


def verdict(difference: Estimate) -> str:
    """Whether the found prompt is better than the preset, as far as the interval of the difference tells."""
    assert difference.low is not None
    assert difference.high is not None
    told = f"The found prompt against the preset, in points of F1, pair by pair: {points(difference)}."
    if difference.low > 0:
        return f"{told} The interval excludes 0: the found prompt is better."
    if difference.high < 0:
        return f"{told} The interval excludes 0: the found prompt is worse."
    return f"{told} The interval holds 0: it is not shown that the found prompt is better."
