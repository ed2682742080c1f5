"""Tables say what the runs say."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from bench.load.analysis import Repeats, repeats, verdicts
from bench.load.records import Case
from bench.load.tables import Target, error_table, part_table, summary, target_table, targets
from tests.bench.load.conftest import run

EVENLY = np.linspace(0.001, 0.1, 1000).tolist()


def cases(factor: float, utilisation: float = 0.7, *, served: bool = False) -> Sequence[Repeats]:
    """Two repeats of a case, predicted too high by a factor."""
    case = Case(system="reader", arrivals="poisson", utilisation=utilisation)
    return repeats([run(case, EVENLY, seed=seed, factor=factor, served=served) for seed in (1, 2)])


def figures(kept: Sequence[Target]) -> dict[str, float | None]:
    """The targets' figures by name."""
    return {each.name: each.figure for each in kept}


def test_targets_take_their_errors_from_cases_of_their_kind() -> None:
    """A tail in process from those in process, that of a served model from those that a server answers."""
    known = figures(targets(cases(1.2), [], []))
    assert known["p95 in process, error in the median"] == pytest.approx(0.2)
    assert known["p99 of a served model, error in the median"] is None
    assert figures(targets(cases(1.2, served=True), [], []))[
        "p99 of a served model, error in the median"
    ] == pytest.approx(0.2)


def test_points_near_capacity_are_no_targets() -> None:
    """At a utilisation of 0.9 an interval stands in their place."""
    assert figures(targets(cases(1.2, utilisation=0.9), [], []))["p95 in process, error in the median"] is None


@pytest.mark.parametrize(
    ("figure", "at_most", "said"),
    [(0.04, True, "yes"), (0.06, True, "no"), (0.04, False, "no"), (0.06, False, "yes"), (None, True, "not measured")],
)
def test_a_target_is_met_from_its_own_side(figure: float | None, at_most: bool, said: str) -> None:
    """An error must not exceed what was promised, and coverage must reach it; what was not measured is not met."""
    row = target_table([Target("a figure", 0.05, figure, at_most)]).splitlines()[-1]
    assert row.endswith(f"| {said} |")


def test_errors_stand_beside_the_spread_of_the_repeats() -> None:
    """Equal repeats predicted a fifth too high: errors of 20 %, no spread."""
    row = error_table(cases(1.2)).splitlines()[-1]
    assert row.startswith("| reader, poisson, 0.7 | 5.00 |")
    assert row.count("+20.0%") == 6
    assert row.count("| 0.0% |") == 3


def test_parts_of_the_latency_stand_side_by_side() -> None:
    """Half of the mean of 50 ms is service; predicted a fifth more."""
    assert "| reader, poisson, 0.7: service | 30.3 | 25.2 |" in part_table(cases(1.2))


def test_the_summary_counts_what_was_left_open_and_what_was_wrong() -> None:
    """Two verdicts of six are wrong, where predictions are a fifth too high."""
    told = cases(1.2)
    assert "Of 6 verdicts 0 were left open and 2 were wrong" in summary(told, list(verdicts(told)))
