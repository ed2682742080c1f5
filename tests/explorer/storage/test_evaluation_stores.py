"""What a store of evaluations must do, in each kind of database. A new one joins by being in the list of databases."""

from __future__ import annotations

import pytest

from tradespace.explorer.storage.databases import DATABASES
from tradespace.testing.evaluation_store_contract import EvaluationStoreContract


@pytest.mark.parametrize("database", DATABASES.values(), ids=DATABASES)
class TestEvaluationStores(EvaluationStoreContract):
    """The contract."""
