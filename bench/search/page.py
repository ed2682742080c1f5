"""Writes docs/benchmarks-search.md and its figure, out of the runs that were made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np

from bench.page import machine
from bench.search import tables
from bench.search.chart import chart
from bench.search.million import proposing
from bench.search.recording import CACHE, Recording, load
from bench.search.runs import results
from bench.search.strategies import STRATEGIES

HERE = Path(__file__).parent
DOCS = HERE.parents[1] / "docs"
SPACES: Mapping[str, str] = {
    "wikipedia": "Wikipedia: 210 pipelines of a retriever, a reranker and a reader",
    "cascades": "Cascades of readers over Wikipedia",
    "microworld": "Microworld: ways to let small models think",
    "gsm8k": "GSM8K: ten recorded models, alone, in cascades and behind routers",
    "aragog": "ARAGOG: a grid that others measured",
    "squad": "SQuAD: another",
}
DRAWN = (
    "oracle",
    "frontier",
    "random, collecting what is free",
    "TPE",
    "NSGA-II",
    "greedy, model first",
    "successive halving",
    "UCB-E",
)
"""Strategies in the figure."""

Measured = dict[str, tuple[Recording, dict[str, tables.Runs]]]


def write_page() -> None:
    """All spaces that have runs of the oracle and of `frontier`."""
    measured = _measured()
    lines = {SPACES[name].split(":")[0]: tables.curves(runs, DRAWN) for name, (_, runs) in measured.items()}
    (DOCS / "benchmarks-search.svg").write_text(chart(lines), encoding="utf-8")
    parts = [
        (HERE / "introduction.md").read_text(encoding="utf-8"),
        "## Spaces, and what 99 % of the area costs\n",
        tables.summary(measured),
        "\n![The share of the area that is found, against the price](benchmarks-search.svg)\n",
        "## What was aimed at\n",
        tables.aims(measured),
        "\n" + (HERE / "reading.md").read_text(encoding="utf-8"),
        *(_section(SPACES[name], runs) for name, (_, runs) in measured.items()),
        "## What `frontier` says on the way\n",
        tables.verdicts(measured),
        "\n## A million pipelines\n",
        _million(),
        f"\nMeasured {date.today().isoformat()} on {machine()}.\n",
    ]
    (DOCS / "benchmarks-search.md").write_text("\n".join(parts), encoding="utf-8")


def _measured() -> Measured:
    measured: Measured = {}
    for name in SPACES:
        runs = {strategy: made for strategy in STRATEGIES if (made := results(name, strategy))}
        if {"oracle", "frontier"} <= set(runs) and (CACHE / f"{name}.npz").exists():
            measured[name] = load(name), dict(runs)
    return measured


def _section(title: str, runs: Mapping[str, tables.Runs]) -> str:
    return f"""## {title}

What was paid until so much of the area was held for good, as a share of the price of everything: median (p90).

{tables.prices(runs)}

Points of score that the recommended pipeline falls behind the best that keeps the bound, on fresh questions, and the
share of the area on fresh questions of the pipelines that would be shown: means, at shares of the price of everything.

{tables.fresh(runs)}
"""


def _million() -> str:
    size, first, later = proposing()
    return (
        f"In a space of {size:,} pipelines, of whose calls nothing is known, the first batch of `frontier` takes "
        f"{first:.2f} processor seconds. Each of the next {len(later)} (telling and asking) takes "
        f"{np.median(later):.2f} in the median and {later.max():.2f} at most."
    )
