"""Tables of runs: speed-ups, efficiencies, and what follows from them."""

from __future__ import annotations

from pathlib import Path

from bench.scale.cases import cases
from bench.scale.records import ScaleCase, ScaleRun, keep, kept_runs
from bench.scale.tables import NOTHING_YET, driver_table, extrapolation, scaling_table, sides_table


def run(bench: str, work: str, workers: int, seconds: float, *, calls: int = 160, driver: float = 0.5) -> ScaleRun:
    """A run of ten batches."""
    case = ScaleCase(bench=bench, work=work, workers=workers, size=10)
    return ScaleRun(case=case, started=3.0, seconds=seconds, driver_seconds=driver, calls=calls, batches=10)


def test_sides_are_compared_with_this_process_and_with_one_worker() -> None:
    """Seconds that a batch takes more on a worker are those of the way there and back."""
    text = sides_table([run("sides", "bm25", 0, 4.0), run("sides", "bm25", 1, 5.0), run("sides", "bm25", 2, 2.5)])
    assert "| bm25 | on 1 worker | 160 | 10 | 5.00 | 0.80 |  | 100.0 | 3.0 |" in text
    assert "| bm25 | on 2 workers | 160 | 10 | 2.50 | 1.60 | 2.00 |  | 3.0 |" in text


def test_efficiency_is_the_share_of_waiting_in_the_time() -> None:
    """160 calls of 50 ms take 4 s on two workers that do nothing else."""
    assert "| strong | 2 | 160 | 5.00 | 4.00 | 80% |" in scaling_table([run("strong", "waiting", 2, 5.0)])


def test_the_driver_is_told_by_its_processor_time() -> None:
    """In half a second it handed out 160 calls."""
    assert "| 16 | 4 | 160 | 3125 | 320 |" in driver_table([run("driver", "nothing", 4, 1.0)])


def test_what_was_not_measured_is_computed_from_what_was() -> None:
    """At 3 ms a call the driver feeds 16 workers of 1000, and 10⁹ calls take it 868 hours."""
    text = extrapolation([run("driver", "nothing", 4, 1.0)])
    assert "Nothing of this was measured" in text
    assert "| 16 | 320 | 16 | 868 | driver |" in text


def test_no_run_is_no_figure() -> None:
    """Neither here nor in what follows."""
    assert {make([]) for make in (sides_table, scaling_table, driver_table, extrapolation)} == {NOTHING_YET}


def test_what_is_kept_is_read_back(tmp_path: Path) -> None:
    """Every case has a file of its own."""
    runs = [run("sides", "bm25", workers, 1.0) for workers in (0, 1)]
    for each in runs:
        keep(each, tmp_path)
    assert list(kept_runs(tmp_path)) == runs
    for quick in (False, True):
        names = [case.file_name for case in cases(quick=quick)]
        assert len(set(names)) == len(names)
