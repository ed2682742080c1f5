"""What became of a load, as figures and as a table."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest

from tradespace.serving.load_generator.record import UNFINISHED, LoadRecord, RequestRecord
from tradespace.serving.load_generator.summary import summarize_load

REQUESTS = (
    RequestRecord(0.0, 0.001, 5.0, "200", "a"),
    RequestRecord(1.0, 1.002, 1.5, "200", "b", 0.1, 0.3),
    RequestRecord(2.0, 2.001, 2.25, "200", "a", 0.0, 0.2),
    RequestRecord(3.0, 3.0, 3.1, "503 overloaded", "b"),
    RequestRecord(4.0, 4.0, math.nan, UNFINISHED, "a"),
)
RECORD = LoadRecord("http://127.0.0.1:1", REQUESTS, 6, warm_up=1.0)


def test_latency_counts_from_when_a_request_was_to_be_sent() -> None:
    """Failures are infinitely slow; the warm-up and what did not end do not count."""
    assert RECORD.latency.tolist() == [0.5, 0.25, math.inf]
    assert RECORD.lag == pytest.approx([0.002, 0.001, 0.0])


def test_a_summary_of_a_load() -> None:
    """Rates are those of schedule and answers, from the first to the last."""
    summary = summarize_load(RECORD, 0.3)
    assert (summary.sent, summary.answered, dict(summary.failures)) == (3, 2, {"503 overloaded": 1})
    assert summary.offered == 1.0
    assert summary.achieved == pytest.approx(1 / 0.75)
    assert summary.latency[0.5].value == 0.5
    assert summary.latency[0.99].value == math.inf
    assert summary.attainment is not None
    assert summary.attainment.value == pytest.approx(1 / 3)
    assert summary.queued == pytest.approx(0.05)
    assert summary.served == pytest.approx(0.25)


def test_a_generator_that_is_late_says_so() -> None:
    """Where its lag is more than a twentieth of the median latency."""
    assert not summarize_load(RECORD).is_late
    late = RequestRecord(1.0, 1.2, 1.5, "200", "a")
    assert summarize_load(LoadRecord("", (late,), 1)).is_late


def test_a_summary_of_nothing() -> None:
    """Nothing is known, and nothing is made up."""
    summary = summarize_load(LoadRecord("", (), 3), 1.0)
    assert (summary.sent, summary.offered, summary.achieved, summary.lag) == (0, None, None, None)
    assert summary.latency[0.5].value is None


def test_the_table_has_every_request(tmp_path: Path) -> None:
    """One row each, the warm-up among them."""
    RECORD.write(tmp_path / "load.csv")
    with (tmp_path / "load.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["status"] for row in rows] == [request.status for request in REQUESTS]
    assert [row["warm_up"] for row in rows] == ["1", "0", "0", "0", "0"]
    assert float(rows[1]["latency"]) == 0.5
    assert rows[1]["queued"] == "0.100000"
    assert rows[3]["latency"] == "inf"
