"""Measurements keep others waiting."""

from __future__ import annotations

import threading

import pytest

from tradespace.undisturbed import undisturbed, wait_for_measurements


def test_nobody_waits_for_nothing() -> None:
    """Where nothing is measured, or not any more, also after an error."""
    wait_for_measurements()
    with pytest.raises(RuntimeError), undisturbed():
        raise RuntimeError
    wait_for_measurements()


def test_others_wait_for_the_end_of_the_outermost() -> None:
    """A measurement within another does not end it."""
    order: list[str] = []
    begun = threading.Event()

    def other() -> None:
        begun.set()
        wait_for_measurements()
        order.append("went on")

    waiting = threading.Thread(target=other)
    with undisturbed():
        waiting.start()
        with undisturbed():
            order.append("measured")
        assert begun.wait(60)
        order.append("over")
    waiting.join(60)
    assert order == ["measured", "over", "went on"]
