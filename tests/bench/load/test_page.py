"""The page is written from what was kept, and says what was not measured."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bench.load import page
from bench.load.faults import Fault, Faults
from bench.load.records import Case, keep, path_of_run
from tests.bench.load.conftest import run

EVENLY = np.linspace(0.001, 0.1, 500).tolist()


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """The folder of a page on two runs of a case, and of a fault."""
    case = Case(system="reader", arrivals="poisson", utilisation=0.5)
    for seed in (1, 2):
        keep(run(case, EVENLY, seed=seed, factor=1.1), path_of_run(case, seed, tmp_path / "kept"))
    fault = Fault(done="a fault", promise="a promise", seen="what was seen", told=True, well=False)
    keep(Faults(tried=(fault,)), tmp_path / "kept" / "faults.json")
    page.write_page(tmp_path / "kept", tmp_path / "page.md", tmp_path / "results.json")
    return tmp_path


def test_the_page_has_the_figures_of_the_runs(written: Path) -> None:
    """Errors of the case, and the promise that was broken."""
    text = (written / "page.md").read_text()
    assert "| reader, poisson, 0.5 | 5.00 |" in text
    assert "| a fault | a promise | what was seen | BROKEN |" in text


def test_what_was_not_measured_is_said_so(written: Path) -> None:
    """Neither overhead, tails nor adaptation were, and no capacity was predicted."""
    text = (written / "page.md").read_text()
    assert text.count("Not measured yet.") == 4
    assert "Not measured yet: reader-2-replicas, reader-batch-4," in text


def test_the_results_are_the_figures_of_each_case(written: Path) -> None:
    """Without its requests."""
    (row,) = json.loads((written / "results.json").read_text())
    assert (row["system"], row["runs"], row["requests"]) == ("reader", 2, 1000)
    assert row["p99"]["error"] == pytest.approx(0.1)
