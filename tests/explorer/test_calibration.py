"""A calibration compares the machine with its quiet self."""

from __future__ import annotations

from tradespace.explorer.calibration import Calibration, run_once


def test_the_reference_is_what_the_work_takes_when_quiet() -> None:
    """A low quantile of its runs: most runs are not faster."""
    calibration = Calibration()
    drifts = [calibration.drift() for _ in range(40)]
    assert sum(drift >= 0.95 for drift in drifts) > len(drifts) / 2
    assert calibration.reference > 0


def test_a_faster_earlier_session_is_the_reference() -> None:
    """A machine that was quicker before is disturbed now."""
    earlier = run_once() / 1000
    calibration = Calibration([earlier])
    assert calibration.reference == earlier
    assert calibration.drift() > 1.15


def test_one_session_that_was_too_fast_does_not_count() -> None:
    """Of earlier sessions the median is compared with."""
    assert Calibration([1e-9, 1000.0, 1001.0]).reference > 1e-9
