"""Tables and figure are made of runs."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from bench.search import tables
from bench.search.chart import chart
from bench.search.market import Market
from bench.search.measurement import Truth, measure
from bench.search.recording import Recording
from bench.search.strategies import STRATEGIES

NAMES = ("oracle", "frontier", "random", "grid", "successive halving", "exhaustive")


@pytest.fixture(scope="module")
def runs(recording: Recording) -> dict[str, tables.Runs]:
    """Three seeds of some strategies."""
    made: dict[str, tables.Runs] = {}
    for name in NAMES:
        of_strategy = []
        for seed in range(3):
            market = Market(recording.shuffled(seed))
            STRATEGIES[name](market, seed)
            of_strategy.append({"seed": seed, **measure(market, Truth.of(recording))})
        made[name] = of_strategy
    return made


def test_every_strategy_has_a_row_with_the_ratio_to_the_oracle(runs: dict[str, tables.Runs]) -> None:
    """The oracle's own is one."""
    rows = [line.split(" | ") for line in tables.prices(runs).splitlines()]
    assert [row[0].strip("| ") for row in rows[2:]] == list(NAMES)
    assert rows[2][3] == "1.00 ×"
    assert len({len(line.split("|")) for line in tables.fresh(runs).splitlines()}) == 1


def test_the_best_baseline_is_neither_the_oracle_nor_ours(runs: dict[str, tables.Runs]) -> None:
    """The least that any other strategy needs in the median."""
    others = [tables.quantile([run["reached"]["0.99"] for run in runs[name]], 0.5) for name in NAMES[2:5]]
    assert tables.best_baseline(runs) == min(others)


def test_the_summary_has_a_row_for_each_space(recording: Recording, runs: dict[str, tables.Runs]) -> None:
    """With how many pipelines, classes and calls it has."""
    last = tables.summary({"small": (recording, runs)}).splitlines()[-1]
    assert last.startswith(f"| small | {len(recording.pipelines)} | {len(recording.pipelines)} | 40 + 30 | ")
    assert tables.verdicts({"small": (recording, runs)}).splitlines()[-1].startswith("| small | ")


def test_every_aim_is_judged_in_every_space(recording: Recording, runs: dict[str, tables.Runs]) -> None:
    """A column for each space; a space of a few classes is held to no ratio to the baselines."""
    lines = tables.aims({"small": (recording, runs), "same": (recording, runs)}).splitlines()
    cells = [line.strip("| ").split(" | ") for line in lines[2:]]
    assert all(row[1] == row[2] for row in cells)
    assert [row[1].rsplit(", ", 1)[1] for row in cells if "seconds" not in row[0]].count("small") == 1
    assert {row[1].rsplit(", ", 1)[1] for row in cells} <= {"met", "missed", "small"}


def test_the_figure_has_a_line_for_each_strategy_in_each_panel(runs: dict[str, tables.Runs]) -> None:
    """It is well-formed, and what was never run is left out."""
    lines = tables.curves(runs, ["oracle", "frontier", "never run"])
    root = ElementTree.fromstring(chart({"first": lines, "second": lines}))
    drawn = [element for element in root.iter() if element.tag.endswith("polyline")]
    assert len(drawn) == 4
