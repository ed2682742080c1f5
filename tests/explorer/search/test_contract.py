"""What every search algorithm must do. A new one joins by being in the list."""

from __future__ import annotations

import pytest

from tradespace.explorer.search import SEARCH_ALGORITHMS, Grid, SearchAlgorithm
from tradespace.testing.search_contract import SearchContract, start
from tradespace.testing.synthetic_space import SMALL_STAGES_YAML, STAGES_YAML, run_search, specification

ALL = [algorithm() for algorithm in SEARCH_ALGORITHMS.values()]


@pytest.mark.parametrize("algorithm", ALL, ids=lambda algorithm: algorithm.name)
class TestSearchAlgorithms(SearchContract):
    """The contract, and what holds for ours besides."""

    def test_another_seed_searches_elsewhere(self, algorithm: SearchAlgorithm) -> None:
        """The seed matters."""
        assert run_search(start(algorithm, STAGES_YAML, seed=1), 24) != run_search(
            start(algorithm, STAGES_YAML, seed=2), 24
        )


def test_algorithms_for_finite_and_for_all_spaces_are_under_contract() -> None:
    """So neither branch of the contract is left out."""
    assert {algorithm.finite_only for algorithm in ALL} == {False, True}


def test_the_grid_follows_the_file_when_it_is_not_shuffled() -> None:
    """Without shuffling the members come in the order of the space."""
    assert run_search(start(Grid(shuffled=False), SMALL_STAGES_YAML), 1000) == list(
        specification(SMALL_STAGES_YAML).space.members()
    )
