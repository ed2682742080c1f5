"""A ledger with another for what it could not take is a ledger as any other, until it fails."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import pytest

from tradespace.explorer.storage.aside import LedgerWithAside
from tradespace.explorer.storage.base import Ledger
from tradespace.explorer.storage.in_memory import InMemory, InMemoryLedger
from tradespace.testing.ledger_contract import LedgerContract


class InMemoryWithAside(InMemory):
    """In memory, which never fails."""

    scheme: ClassVar[str] = "memory"

    def ledger(self, url: str) -> Ledger:
        return LedgerWithAside(InMemoryLedger(), Path("/nowhere/unsent.sqlite"))


@pytest.mark.parametrize("database", [InMemoryWithAside()], ids=["memory"])
class TestLedgerWithAside(LedgerContract):
    """The contract; nothing is kept aside."""
