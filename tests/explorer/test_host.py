"""Timings know the machine they were taken on, and how busy it was."""

from __future__ import annotations

import os

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


def test_the_load_is_the_system_s_average_of_the_last_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first of the three averages, to two places."""
    monkeypatch.setattr(os, "getloadavg", lambda: (1.234, 5.0, 9.0))
    assert load() == 1.23


def test_a_load_that_the_system_does_not_tell_is_no_load(monkeypatch: pytest.MonkeyPatch) -> None:
    """-1 stands for not known: 0 would be an idle machine."""
    monkeypatch.delattr(os, "getloadavg")
    assert load() == -1
