"""A model that writes and answers questions about buildings, and a caller over their documents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.explorer.generating.quizmaster import caller, known_by_name
from tradespace.explorer.running.recorded_calls import RecordedCalls


@pytest.fixture(autouse=True)
def _quizmaster() -> Iterator[None]:
    with known_by_name():
        yield


@pytest.fixture
def recorded_calls(tmp_path: Path) -> RecordedCalls:
    """Makes calls over the buildings, into an empty ledger."""
    return caller(tmp_path)
