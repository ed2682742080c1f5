"""How the cores are used."""

from __future__ import annotations

import os

import pytest
import torch

from tradespace.components.encoders.threads import cores, on_all_cores, one_torch_thread


@pytest.mark.parametrize("count", [0, 1, 2, 50])
def test_results_come_in_the_order_of_the_items(count: int) -> None:
    """However many items there are, and whichever is finished first."""
    assert on_all_cores(lambda number: -number, range(count)) == [-number for number in range(count)]


def test_each_item_is_worked_on_in_one_thread() -> None:
    """Cores don't wait for each other inside of an operation of torch."""
    with one_torch_thread():
        assert set(on_all_cores(lambda _: torch.get_num_threads(), range(8))) == {1}


@pytest.mark.parametrize(("told", "used"), [("3", 3), ("1", 1), ("", len(os.sched_getaffinity(0))), ("0", None)])
def test_the_user_may_say_how_many_cores_to_use(told: str, used: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """By OMP_NUM_THREADS, as for other numerical programs; else all that the process may use are used."""
    monkeypatch.setenv("OMP_NUM_THREADS", told)
    assert cores() == (used or len(os.sched_getaffinity(0)))


def test_the_number_of_threads_is_put_back() -> None:
    """After an error too."""
    before = torch.get_num_threads()
    with pytest.raises(KeyError), one_torch_thread():
        assert torch.get_num_threads() == 1
        raise KeyError
    assert torch.get_num_threads() == before
