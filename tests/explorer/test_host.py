"""Timings know the machine they were taken on, and how busy it was."""

from __future__ import annotations

from tradespace.explorer.host import conditions, host_name


def test_the_host_is_the_same_for_the_whole_process() -> None:
    """Its name tells the processor and the cores."""
    assert host_name() == host_name()
    assert "core" in host_name()


def test_a_quiet_sample_is_one_request_at_a_time() -> None:
    """The load at that moment is written down with it."""
    now = conditions()
    assert (now["batch"], now["concurrency"]) == (1, 1)
    assert isinstance(now["load"], float)
