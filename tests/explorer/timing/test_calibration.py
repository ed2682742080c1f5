"""A calibration compares the machine with its quiet self."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tradespace.explorer.timing.calibration import Calibration, seconds_of_work

DISTURBED = 1.15


def scripted(seconds: Iterable[float]) -> Callable[[], float]:
    """Work that takes what it is told to."""
    runs = iter(seconds)
    return lambda: next(runs)


def test_the_work_takes_time() -> None:
    """It is real, and so is the reference."""
    calibration = Calibration()
    assert calibration.observe() > 0
    assert calibration.drift() > 0
    assert seconds_of_work() > 0


def test_the_reference_is_the_median_of_its_runs() -> None:
    """A quiet machine scatters around it."""
    calibration = Calibration(work=scripted([5.0, 6.0, 6.4, 6.1, 5.9]))
    assert [round(calibration.drift(), 2) for _ in range(5)] == [1.0, 1.0, 1.07, 1.0, 0.98]
    assert calibration.reference == 6.0


def test_a_machine_that_is_busy_less_than_half_of_the_time_is_known_when_quiet() -> None:
    """Every slow run is told from every quiet one."""
    seconds = [6.0, 6.1, 9.0, 5.9, 6.0, 9.5, 6.2, 6.0, 12.0, 6.1] * 4
    calibration = Calibration(work=scripted([6.0, *seconds]))
    calibration.observe()
    assert [calibration.drift() > DISTURBED for _ in seconds] == [one >= 9 for one in seconds]


def test_a_faster_earlier_session_is_the_reference() -> None:
    """A machine that was quicker before is disturbed now, all the time."""
    calibration = Calibration([6.0], scripted([9.0] * 9))
    assert all(calibration.drift() == 1.5 for _ in range(9))


def test_a_slower_earlier_session_is_not() -> None:
    """It was disturbed itself."""
    calibration = Calibration([9.0], scripted([6.0, 6.0]))
    assert calibration.drift() == 1.0


def test_one_session_that_was_too_fast_does_not_count() -> None:
    """Of earlier sessions the median is compared with."""
    calibration = Calibration([1e-9, 1000.0, 1001.0], scripted([6.0]))
    assert calibration.drift() == 1.0
