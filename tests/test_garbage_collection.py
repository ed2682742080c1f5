"""The collection of cycles is put off, and comes back."""

from __future__ import annotations

import gc

import pytest

from tradespace.garbage_collection import garbage_collection_paused


def test_collection_is_off_inside_and_back_afterwards() -> None:
    """Even where something raises."""
    with pytest.raises(KeyError), garbage_collection_paused():
        assert not gc.isenabled()
        raise KeyError
    assert gc.isenabled()


def test_who_switched_it_off_before_finds_it_off_afterwards() -> None:
    """The state before is the state after."""
    gc.disable()
    try:
        with garbage_collection_paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
