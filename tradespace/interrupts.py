"""Ctrl-C, and the other signals that ask a program to end, raised once and never where they would do harm.

Python raises `KeyboardInterrupt` in the main thread between any two instructions, also right behind the one that took
the lock of a queue or a future. Nobody gives that lock back then: the threads wait for it forever, and so does the
program when it ends (https://github.com/python/cpython/issues/74174). Code that shares locks with threads therefore
holds the interrupt back until it is done. An impatient second signal would interrupt what ends the program in good
order; it is ignored.
"""

from __future__ import annotations

import os
import signal
import stat
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

ENDING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGINT") if hasattr(signal, name))
"""Signals that ask a program to end: `kill`, a closed terminal, Ctrl-C."""


class Interrupts:
    """Handles ending signals: the first raises `KeyboardInterrupt`, at once or when it is held back no longer.

    Attributes:
        came: whether a signal came.
        raised: whether it was raised; those that follow are ignored.
        holders: how many blocks hold it back.
    """

    def __init__(self) -> None:
        self.came = self.raised = False
        self.holders = 0

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Handle a signal.

        Raises:
            KeyboardInterrupt: it is the first, and nothing holds it back.
        """
        if number == getattr(signal, "SIGHUP", None):
            _let_go_of_the_terminal()
        self.came = True
        self.raise_once()

    def raise_once(self) -> None:
        """Raise what came.

        Raises:
            KeyboardInterrupt: a signal came, was not raised before, and nothing holds it back.
        """
        if self.came and not self.raised and not self.holders:
            self.raised = True
            raise KeyboardInterrupt

    def raise_lost(self) -> None:
        """Raise what came, even if it was raised before: nobody received it, and work that should end would go on.

        Raises:
            KeyboardInterrupt: a signal came.
        """
        if self.came:
            self.raised = True
            raise KeyboardInterrupt


@contextmanager
def interrupted_once() -> Iterator[Callable[[], None]]:
    """End the block as Ctrl-C does when any signal asks for it, the first time; what follows meanwhile is ignored.

    Gives a check that raises an interrupt that got lost on its way. Blocks may be nested: the outermost decides. In
    other threads than the main one, and where the program handles a signal in its own way, it is left alone.
    """
    with _handled(ENDING) as interrupts:
        yield interrupts.raise_lost if interrupts else lambda: None


@contextmanager
def interrupt_held_back() -> Iterator[Callable[[], bool]]:
    """Raise `KeyboardInterrupt` at the end of the block instead of inside; gives whether one waits to be raised.

    In other threads than the main one, and where the program handles the signal in its own way, nothing is held back.
    """
    with _handled([signal.SIGINT]) as interrupts:
        if interrupts is None or interrupts.raised:
            yield lambda: False
            return
        interrupts.holders += 1
        try:
            yield lambda: interrupts.came
        finally:
            interrupts.holders -= 1
            interrupts.raise_once()


@contextmanager
def _handled(signals: Sequence[int]) -> Iterator[Interrupts | None]:
    """Handle signals; give the handler that an outer block installed, or None where another one is to be kept."""
    outer = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread():
        yield None
    elif isinstance(outer, Interrupts):
        yield outer
    elif outer is not signal.default_int_handler:
        yield None
    else:
        with _installed(signals) as interrupts:
            yield interrupts


@contextmanager
def _installed(signals: Sequence[int]) -> Iterator[Interrupts]:
    """Handle those of the signals that have their usual effect: who ignores one, as `nohup` does, has a reason."""
    interrupts = Interrupts()
    interrupts.holders = 1  # nothing is raised between the first handler and the last
    usual = (signal.SIG_DFL, signal.default_int_handler)
    before = {number: handler for number in signals if (handler := signal.getsignal(number)) in usual}
    try:
        for number in before:
            signal.signal(number, interrupts)
        interrupts.holders = 0
        interrupts.raise_once()
        with _dropped_ones_noticed(interrupts):
            yield interrupts
    finally:
        interrupts.holders = 1
        for number, handler in before.items():
            if signal.getsignal(number) is interrupts:
                signal.signal(number, handler)
        interrupts.holders = 0
        interrupts.raise_once()


@contextmanager
def _dropped_ones_noticed(interrupts: Interrupts) -> Iterator[None]:
    """Let the next occasion raise what Python drops: whatever is raised while it destroys an object
    (https://docs.python.org/3/library/weakref.html#weakref.ref).
    """
    before = sys.unraisablehook

    def note(dropped: sys.UnraisableHookArgs) -> None:
        if issubclass(dropped.exc_type, KeyboardInterrupt):
            interrupts.raised = False
        else:
            before(dropped)

    sys.unraisablehook = note
    try:
        yield
    finally:
        sys.unraisablehook = before


def interrupt_program() -> None:
    """Interrupt the program as Ctrl-C does, from any of its threads. One that ignores Ctrl-C, as in the background of a
    shell script, ignores this too.
    """
    if hasattr(signal, "pthread_kill"):  # what the main thread waits for is interrupted too
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        signal.raise_signal(signal.SIGINT)


def ignore_interrupts() -> None:
    """From now on, nothing interrupts the shutdown of the program."""
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)


def _let_go_of_the_terminal() -> None:
    """Nobody reads what is printed after a terminal was closed, and printing to it fails: only files are kept."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for output in (1, 2):
        if not stat.S_ISREG(os.fstat(output).st_mode):
            os.dup2(nowhere, output)
    os.close(nowhere)
