"""What a ledger must do, in each kind of database. A new one joins by being in the list of databases."""

from __future__ import annotations

import pytest

from tradespace.explorer.storage.databases import DATABASES
from tradespace.testing.ledger_contract import LedgerContract


@pytest.mark.parametrize("database", DATABASES.values(), ids=DATABASES)
class TestLedgers(LedgerContract):
    """The contract."""
