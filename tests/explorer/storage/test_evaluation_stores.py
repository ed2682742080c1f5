"""What a store of evaluations must do, in each kind of database. A new one joins by being in the list of databases."""

from __future__ import annotations

import pytest

from tests.explorer.storage.places import EACH_DATABASE, Placed
from tradespace.testing.evaluation_store_contract import EvaluationStoreContract


@pytest.mark.parametrize("database", EACH_DATABASE)
class TestEvaluationStores(Placed, EvaluationStoreContract):
    """The contract."""
