"""What is expected of candidates is worked out on one thread."""

from __future__ import annotations

import pytest
from threadpoolctl import threadpool_info

from tests.explorer.search.frontier.test_search import searched, start
from tradespace.explorer.search.frontier import outlook
from tradespace.explorer.search.frontier.surrogate import Prediction, predict


def blas_threads() -> set[int]:
    """How many threads the libraries of linear algebra may use."""
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


def test_small_matrices_are_multiplied_on_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """More would wait for each other; what comes after a search has as many as before."""
    seen: list[set[int]] = []

    def watched(*arguments: object) -> Prediction:
        seen.append(blas_threads())
        return predict(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(outlook, "predict", watched)
    before = blas_threads()
    searched(start(), batches=2)
    assert seen
    assert set().union(*seen) == {1}
    assert blas_threads() == before
