"""Where calls are made is said in one place."""

from __future__ import annotations

import sys

import pytest

from tradespace.errors import InputError
from tradespace.explorer.running.executors import executor_on, in_process
from tradespace.search_space.call_place import CallPlace
from tradespace.search_space.run import RunSection


def test_calls_are_made_in_this_process_unless_another_place_is_named() -> None:
    """Nothing is installed, started or looked for."""
    assert executor_on(RunSection()) is in_process


def test_a_missing_package_is_said_before_anything_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what installs it."""
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(InputError, match=r"on a Ray cluster needs ray, .* pip install 'tradespace\[ray\]'"):
        executor_on(RunSection(on=CallPlace.RAY))
