"""Timings know the machine they were taken on, and how busy it was."""

from __future__ import annotations

import pytest

from tradespace.explorer.host import VARIABLE, host_name, load


def test_the_host_is_named_by_its_processor_and_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the same for the whole process."""
    monkeypatch.delenv(VARIABLE, raising=False)
    assert host_name() == host_name()
    assert "core" in host_name()


def test_a_host_can_be_given_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the processor does not tell two machines apart."""
    monkeypatch.setenv(VARIABLE, "the other machine")
    assert host_name() == "the other machine"


def test_the_load_is_never_negative_where_the_system_tells_it() -> None:
    """-1 stands for not known."""
    assert load() >= 0 or load() == -1
