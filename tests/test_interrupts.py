"""Ending signals are raised once, at a moment that does no harm, and leave other handlers alone."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator

import pytest

from tradespace.components.threads import on_all_cores
from tradespace.interrupts import ENDING, interrupt_held_back, interrupt_program, interrupted_once


@pytest.fixture(autouse=True)
def _handlers_as_they_were() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in ENDING}
    yield
    after = {number: signal.getsignal(number) for number in ENDING}
    for number, handler in before.items():
        signal.signal(number, handler)
    assert after == before


def interrupt() -> None:
    """Press Ctrl-C."""
    signal.raise_signal(signal.SIGINT)


def test_an_interrupt_waits_for_the_end_of_the_block() -> None:
    """The block can see that one waits, and is not cut off."""
    seen: list[bool] = []
    with pytest.raises(KeyboardInterrupt), interrupt_held_back() as interrupted:
        seen.append(interrupted())
        interrupt()
        seen.append(interrupted())
    assert seen == [False, True]


def test_blocks_may_be_nested() -> None:
    """The outermost raises."""
    reached = False
    with pytest.raises(KeyboardInterrupt), interrupt_held_back():
        with interrupt_held_back():
            interrupt()
        reached = True
    assert reached


def test_another_thread_interrupts_the_program() -> None:
    """As Ctrl-C does: once, and what waits for something that never comes too."""
    with pytest.raises(KeyboardInterrupt), interrupted_once():
        threading.Timer(0, interrupt_program).start()
        threading.Event().wait(300)
        pytest.fail("it was not interrupted")


def test_an_interrupt_that_python_drops_is_found() -> None:
    """What is raised while an object is destroyed goes nowhere: the check raises it again."""
    thing = threading.Event()
    watch = weakref.ref(thing, lambda _: interrupt())
    with pytest.raises(KeyboardInterrupt), interrupted_once() as check:
        check()
        del thing
        assert watch() is None
        check()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_interrupt_is_held_back_where_lost_ones_are_found() -> None:
    """The one block may stand in the other."""
    reached = False
    with pytest.raises(KeyboardInterrupt), interrupted_once():
        with interrupt_held_back():
            interrupt()
            reached = True
        pytest.fail("the interrupt is raised at the end of the inner block")
    assert reached


def test_another_way_of_handling_the_signal_is_left_alone() -> None:
    """A program that does not want `KeyboardInterrupt` gets what it asked for, at once."""
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        with interrupt_held_back():
            interrupt()
            assert came == [signal.SIGINT]
    finally:
        signal.signal(signal.SIGINT, before)


def test_other_threads_than_the_main_one_may_hold_interrupts_back() -> None:
    """They are never interrupted, so that there is nothing to do."""

    def hold(_: int) -> bool:
        with interrupt_held_back() as interrupted:
            return interrupted()

    assert on_all_cores(hold, range(4)) == [False] * 4


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_every_ending_signal_raises_as_ctrl_c_does(number: int) -> None:
    """`kill` too."""
    with pytest.raises(KeyboardInterrupt), interrupted_once():
        signal.raise_signal(number)


def test_what_follows_the_first_signal_is_ignored() -> None:
    """What ends the program in good order is not interrupted, and neither is work that it shares with threads."""
    with interrupted_once():
        with pytest.raises(KeyboardInterrupt):
            interrupt()
        interrupt()
        signal.raise_signal(signal.SIGTERM)
        with interrupt_held_back() as interrupted:
            interrupt()
            assert not interrupted()
        assert on_all_cores(lambda item: (interrupt() if item == 1 else None, item)[1], range(3)) == [0, 1, 2]


def test_the_outermost_block_decides() -> None:
    """An inner one ends, and signals are still ignored."""
    with interrupted_once():
        with pytest.raises(KeyboardInterrupt), interrupted_once():
            interrupt()
        interrupt()


def test_one_that_was_dropped_is_raised_once_where_it_is_found() -> None:
    """Not again at the end of the block."""
    thing = threading.Event()
    watch = weakref.ref(thing, lambda _: interrupt())
    with interrupted_once() as check:
        del thing
        assert watch() is None
        with pytest.raises(KeyboardInterrupt):
            check()
        interrupt()


def test_one_that_was_dropped_is_raised_at_the_next_signal() -> None:
    """Who presses Ctrl-C again because nothing happened is heard."""
    thing = threading.Event()
    watch = weakref.ref(thing, lambda _: interrupt())
    with interrupted_once():
        del thing
        assert watch() is None
        with pytest.raises(KeyboardInterrupt):
            interrupt()


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    """`nohup` wants the program to outlive its terminal."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with interrupted_once():
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    signal.signal(signal.SIGHUP, before)


def test_nothing_cuts_off_the_end_of_a_program() -> None:
    """Once it is said, signals do nothing, also while Python takes itself apart and behind the block."""
    program = (
        "import signal, sys; from tradespace.interrupts import ENDING, ignore_interrupts, interrupted_once\n"
        "with interrupted_once(): ignore_interrupts()\n"
        "for number in ENDING: signal.raise_signal(number)\n"
        "sys.exit(5)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 5
