"""What is kept in memory is gone with its object, and cannot be mended."""

from __future__ import annotations

import pytest

from tradespace.errors import LedgerError
from tradespace.explorer.storage.databases import open_ledger


def test_a_ledger_in_memory_is_not_repaired() -> None:
    """There is nothing that it could be saved from; the message says what to do."""
    with pytest.raises(LedgerError, match=r"^a ledger in memory cannot be repaired by Tradespace\. Start afresh"):
        open_ledger("memory://").repair()
