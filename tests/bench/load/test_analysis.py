"""Errors, coverage, verdicts and capacities of made-up runs whose truth is known."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from bench.load.analysis import (
    attainment,
    compared_capacities,
    covered,
    measured_capacity,
    measured_quantile,
    repeats,
    verdicts,
)
from bench.load.records import Capacities, Capacity, Case, keep, kept_runs, path_of_run
from tests.bench.load.conftest import around, measured, run

CASE = Case(system="reader", arrivals="poisson", utilisation=0.7)
EVENLY = np.linspace(0.001, 0.1, 1000)


def test_an_error_is_a_share_of_what_was_measured() -> None:
    """Predicted a fifth too high, all quantiles are."""
    (case,) = repeats([run(CASE, EVENLY.tolist(), seed=seed, factor=1.2) for seed in (1, 2)])
    for quantile in ("p50", "p95", "p99"):
        assert case.error(quantile) == pytest.approx(0.2)


def test_the_spread_of_the_repeats_is_from_the_lowest_to_the_highest() -> None:
    """Two runs a tenth off their mean on both sides are a fifth apart."""
    (case,) = repeats([run(CASE, (EVENLY * factor).tolist(), seed=1) for factor in (0.9, 1.1)])
    assert case.spread("p95") == pytest.approx(0.2)


def test_runs_are_gathered_by_their_case_whatever_their_order() -> None:
    """Repeats of a case stand together."""
    other = Case(system="reader", arrivals="poisson", utilisation=0.9)
    runs = [run(case, [0.1], seed=seed) for seed in (2, 1) for case in (other, CASE)]
    assert [(each.case, [own.seed for own in each.runs]) for each in repeats(runs)] == [(CASE, [1, 2]), (other, [1, 2])]


def test_a_failed_request_is_infinitely_slow_and_misses_every_bound() -> None:
    """With 2 % of them the p99 is infinite, and at most 98 % keep a bound; the p95 is finite."""
    failing = measured([0.01] * 98 + [math.inf] * 2)
    assert measured_quantile(failing, "p99") == math.inf
    assert measured_quantile(failing, "p95") == 0.01
    assert attainment(failing, 10.0) == pytest.approx(0.98)


def test_an_interval_covers_what_lies_in_it() -> None:
    """Intervals of a tenth hold what is off by a twentieth, and not what is off by a fifth."""
    assert all(covered([run(CASE, EVENLY.tolist(), factor=1.05)]))
    assert not any(covered([run(CASE, EVENLY.tolist(), factor=1.2)]))


def test_a_wrong_verdict_is_one_that_was_not_so() -> None:
    """A p99 of 0.099 s keeps the bound of 0.1 s; predicted a fifth too high it would not, and all else is right."""
    given = list(verdicts(repeats([run(CASE, EVENLY.tolist(), factor=1.2)])))
    assert [(each.quantile, each.bound) for each in given if each.wrong] == [("p95", 0.1), ("p99", 0.1)]
    assert len(given) == 6


def test_near_capacity_an_interval_that_holds_the_bound_gives_no_verdict() -> None:
    """At a utilisation of 0.9 the same prediction leaves open what its interval leaves open."""
    near = CASE.model_copy(update={"utilisation": 0.9})
    given = {(each.quantile, each.bound): each for each in verdicts(repeats([run(near, EVENLY.tolist(), factor=1.05)]))}
    assert given["p99", 0.1].predicted is None
    assert not given["p99", 0.1].wrong
    assert given["p99", 0.2].predicted is True


@pytest.mark.parametrize("load", [0.3, 0.6, 0.85])
def test_capacity_is_exact_between_rates_of_a_queue_whose_latency_grows_as_one_over_its_slack(load: float) -> None:
    """As in an M/M/1: the bound that is reached at a load is found at that load, from rates around it."""
    rates = [0.2, 0.5, 0.9]
    assert measured_capacity(rates, [1 / (1 - rate) for rate in rates], 1 / (1 - load)) == pytest.approx(load)


@pytest.mark.parametrize("bound", [0.05, 5.0])
def test_a_capacity_outside_the_measured_rates_is_not_told(bound: float) -> None:
    """A bound that every rate keeps, or none, says nothing of where it is reached."""
    assert measured_capacity([1.0, 2.0], [0.1, 0.4], bound) is None


def test_an_infinite_latency_is_beyond_every_bound() -> None:
    """Requests that fail at the higher rate bound the capacity from above."""
    assert measured_capacity([1.0, 2.0], [0.1, math.inf], 0.2) == pytest.approx(1.5)


def test_predicted_and_measured_capacity_are_compared_where_both_are_known() -> None:
    """At the bound between two rates; a bound that no rate reaches is left out."""
    slow, fast = (CASE.model_copy(update={"utilisation": level}) for level in (0.5, 0.9))
    cases = repeats([run(slow, [0.1] * 100, rate=5), run(fast, [0.4] * 100, rate=9)])
    known, unknown = (Capacity(quantile="p99", bound=bound, rate=around(8.0, 0.1)) for bound in (0.2, 0.5))
    (compared,) = compared_capacities(
        cases, [Capacities(system="reader", arrivals="poisson", capacities=(known, unknown))]
    )
    assert compared.measured == pytest.approx(5 + 4 * 5 / 7.5)
    assert compared.error == pytest.approx(8 / compared.measured - 1)


def test_a_run_that_was_kept_is_read_back_as_it_was(tmp_path: Path) -> None:
    """Infinite latencies included; a folder without runs has none."""
    made = run(CASE, [0.1, math.inf], seed=3)
    assert list(kept_runs(tmp_path)) == []
    keep(made, path_of_run(CASE, 3, tmp_path))
    assert list(kept_runs(tmp_path)) == [made]
