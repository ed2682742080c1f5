"""How torch uses the cores."""

from __future__ import annotations

import pytest
import torch

from tradespace.components.encoders.torch_threads import one_torch_thread
from tradespace.components.threads import on_all_cores


def test_each_item_is_worked_on_in_one_thread() -> None:
    """Cores don't wait for each other inside of an operation of torch."""
    with one_torch_thread():
        assert set(on_all_cores(lambda _: torch.get_num_threads(), range(8))) == {1}


def test_the_number_of_threads_is_put_back() -> None:
    """After an error too."""
    before = torch.get_num_threads()
    with pytest.raises(KeyError), one_torch_thread():
        assert torch.get_num_threads() == 1
        raise KeyError
    assert torch.get_num_threads() == before
