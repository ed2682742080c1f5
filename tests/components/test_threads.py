"""Work side by side, which Ctrl-C ends without leaving a thread behind."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time

import pytest

from tests.processes import without_coverage
from tradespace.components.threads import cores, on_all_cores, within

INTERRUPTED_ALL_THE_TIME = """
import signal, sys, time
from tradespace.components.threads import on_all_cores

interrupts, end = 0, time.monotonic() + 60


def work():
    global interrupts
    while interrupts < 300 and time.monotonic() < end:
        try:
            while True:
                assert on_all_cores(abs, [-1, -2, -3]) == [1, 2, 3]
        except KeyboardInterrupt:
            interrupts += 1


print("ready", flush=True)
while interrupts < 300 and time.monotonic() < end:
    try:
        work()
    except KeyboardInterrupt:
        pass  # it came between two tries
signal.signal(signal.SIGINT, signal.SIG_IGN)
sys.exit(0 if interrupts == 300 else 1)
"""


@pytest.mark.parametrize("count", [0, 1, 2, 50])
def test_results_come_in_the_order_of_the_items(count: int) -> None:
    """However many items there are, and whichever is finished first."""
    assert on_all_cores(lambda number: -number, range(count)) == [-number for number in range(count)]


def test_what_an_item_raises_is_raised() -> None:
    """As if there were no threads."""
    with pytest.raises(ZeroDivisionError):
        on_all_cores(lambda number: 1 / number, [1, 0, 2])


def test_as_many_items_as_told_are_worked_on_at_the_same_time() -> None:
    """A barrier lets the three pass only together."""
    barrier = threading.Barrier(3)
    assert len(on_all_cores(lambda _: barrier.wait(timeout=30), range(3), threads=3)) == 3


@pytest.mark.parametrize(("told", "used"), [("3", 3), ("1", 1), ("", len(os.sched_getaffinity(0))), ("0", None)])
def test_the_user_may_say_how_many_cores_to_use(told: str, used: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """By OMP_NUM_THREADS, as for other numerical programs; else all that the process may use are used."""
    monkeypatch.setenv("OMP_NUM_THREADS", told)
    assert cores() == (used or len(os.sched_getaffinity(0)))


def test_an_interrupt_ends_the_items_in_work_and_begins_no_others() -> None:
    """Nothing runs on behind the back of who pressed Ctrl-C."""
    begun: list[int] = []
    ended: list[int] = []

    def work(item: int) -> None:
        begun.append(item)
        if item == 1:
            os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.2)
        ended.append(item)

    with pytest.raises(KeyboardInterrupt):
        on_all_cores(work, range(100), threads=2)
    assert sorted(begun) == sorted(ended)
    assert len(begun) < 10


def test_work_that_is_interrupted_all_the_time_never_hangs() -> None:
    """Three hundred interrupts at random moments, and the program still ends by itself."""
    generator = random.Random(1)
    command = [sys.executable, "-c", INTERRUPTED_ALL_THE_TIME]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=without_coverage()) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.5)
        end = time.monotonic() + 90
        while process.poll() is None and time.monotonic() < end:
            process.send_signal(signal.SIGINT)
            time.sleep(generator.uniform(0.001, 0.006))
        process.kill()
    assert process.returncode == 0


def test_work_within_its_time_gives_its_result() -> None:
    """Or what it raised, a timeout of its own included."""
    assert within(60, lambda: 3) == 3
    with pytest.raises(ZeroDivisionError):
        within(60, lambda: 1 // 0)


def test_work_that_does_not_end_is_left_to_itself() -> None:
    """Also when the program ends: nobody waits for its thread."""
    code = (
        "import time; from tradespace.components.threads import within\n"
        "try: within(0.1, lambda: time.sleep(3600))\n"
        "except TimeoutError as error: print(error)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert ended.stdout.strip() == "no answer within 0.1 seconds"


def test_an_interrupt_ends_the_wait_for_work() -> None:
    """Ctrl-C does not wait for the time limit."""
    ended = threading.Event()
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        within(60, lambda: ended.wait(50))
    assert not ended.is_set()
    ended.set()
