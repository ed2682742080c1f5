"""The bench of adaptation: every policy on a stretch, and the tables made of it."""

from __future__ import annotations

import lzma
from pathlib import Path

import numpy as np
import pytest

from bench.load.adaptation import POLICIES, STRETCHES, StretchRuns, page_of, runs_of, stretch_counts, verdict_table
from tradespace.testing.adaptation_menus import steady_requests, synthetic_menu

MENU = synthetic_menu(replicas=(1, 3), batches=(1,))


@pytest.fixture(scope="module")
def runs() -> StretchRuns:
    """A short stretch."""
    return runs_of("short", MENU, steady_requests([5, 40, 5], 30))


def test_every_policy_runs_beside_an_oracle(runs: StretchRuns) -> None:
    """On the same requests."""
    assert set(runs.traces) == {*POLICIES, "oracle"}
    assert {trace.outcome.requests for trace in runs.traces.values()} == {runs.requests}


def test_at_equal_cost_is_at_most_at_that_cost(runs: StretchRuns) -> None:
    """Whatever a late answer is worth."""
    most = runs.traces["IPA"].outcome.replicas + 1e-9
    assert runs.at_cost
    assert all(trace.outcome.replicas <= most for trace in runs.at_cost.values())


def test_the_page_has_a_table_for_every_stretch(runs: StretchRuns) -> None:
    """With the settings of the bench in its words, and all differences."""
    page = page_of(MENU, [runs], [runs])
    assert page.count("### Short: ") == 2
    assert f"The {len(MENU.variants)} of the frontier" in page
    assert verdict_table([runs]) in page


def test_stretches_are_those_of_the_stream(tmp_path: Path) -> None:
    """Their seconds are cut out of the counts, and put one behind the other."""
    (tmp_path / "ipa_twitter").mkdir()
    last = max(end for parts in STRETCHES.values() for _, end in parts)
    with lzma.open(tmp_path / "ipa_twitter" / "requests_per_second.txt.xz", "wt", preset=0) as opened:
        opened.write("\n".join(str(second % 7) for second in range(last)))
    counts = stretch_counts(tmp_path)
    (first, end), (second, close) = STRETCHES["fluctuating"]
    np.testing.assert_array_equal(counts["fluctuating"], np.r_[np.arange(first, end), np.arange(second, close)] % 7)
    assert {name: len(values) for name, values in counts.items()} == {
        name: sum(end - first for first, end in parts) for name, parts in STRETCHES.items()
    }
