"""What a ledger must do, in each kind of database. A new one joins by being in the list of databases."""

from __future__ import annotations

import pytest

from tests.explorer.storage.places import EACH_DATABASE, Placed
from tradespace.testing.ledger_contract import LedgerContract


@pytest.mark.parametrize("database", EACH_DATABASE)
class TestLedgers(Placed, LedgerContract):
    """The contract."""
