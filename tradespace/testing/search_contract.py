"""What holds for every algorithm that searches a space."""

from __future__ import annotations

import pytest

from tradespace.errors import SpaceError
from tradespace.explorer.search import Failed, Measured, Search, SearchAlgorithm
from tradespace.search_space.goals import Goals
from tradespace.testing.synthetic_space import (
    INFINITE,
    SMALL_STAGES_YAML,
    STAGES_YAML,
    asked_pipelines,
    measured,
    outcome,
    run_search,
    specification,
)


def start(algorithm: SearchAlgorithm, stages: str, seed: int = 0) -> Search:
    """A search of a synthetic space."""
    wanted = specification(stages)
    return algorithm.start(wanted.space, wanted.goals, seed)


class SearchContract:
    """Inherit it; parametrize `algorithm`."""

    def test_no_pipeline_is_asked_twice_and_none_that_is_forbidden(self, algorithm: SearchAlgorithm) -> None:
        """All that is asked for is in the space, each pipeline once."""
        space = specification(STAGES_YAML).space
        asked = run_search(start(algorithm, STAGES_YAML), 60)
        assert len(asked) == len(set(asked)) == 60
        assert all(space.contains(pipeline) for pipeline in asked)

    def test_a_finite_space_is_exhausted(self, algorithm: SearchAlgorithm) -> None:
        """In the end every member was asked for, and then nothing more is."""
        search = start(algorithm, SMALL_STAGES_YAML)
        assert set(run_search(search, 1000)) == set(specification(SMALL_STAGES_YAML).space.members())
        assert search.ask(5) == []

    def test_an_infinite_space_is_searched_or_refused(self, algorithm: SearchAlgorithm) -> None:
        """Where numbers are drawn from ranges, searching goes on as long as it is asked to; an algorithm that needs a
        finite space says what to do."""
        if algorithm.finite_only:
            with pytest.raises(SpaceError, match="finite space: give every range of floats a `step`"):
                start(algorithm, INFINITE)
            return
        space = specification(INFINITE).space
        asked = run_search(start(algorithm, INFINITE), 60)
        assert len(set(asked)) == 60
        assert all(space.contains(pipeline) for pipeline in asked)

    def test_a_search_is_repeated_exactly(self, algorithm: SearchAlgorithm) -> None:
        """The same seed and figures lead to the same pipelines, so a killed search is continued by repeating it."""
        first = run_search(start(algorithm, STAGES_YAML), 60)
        assert run_search(start(algorithm, STAGES_YAML), 24) == first[:24]
        assert run_search(start(algorithm, STAGES_YAML), 60) == first

    def test_failures_are_survived(self, algorithm: SearchAlgorithm) -> None:
        """A search in which everything fails goes on to the end."""
        search = start(algorithm, SMALL_STAGES_YAML)
        while proposed := asked_pipelines(search, 3):
            for pipeline in proposed:
                search.tell(pipeline, Failed("always"))
        assert set(search.results) == set(specification(SMALL_STAGES_YAML).space.members())

    def test_asking_does_not_wait_for_answers(self, algorithm: SearchAlgorithm) -> None:
        """Pipelines under way are not proposed again, and may be told in any order."""
        search = start(algorithm, SMALL_STAGES_YAML)
        asked = [*asked_pipelines(search, 4), *asked_pipelines(search, 4)]
        assert len(set(asked)) == 8
        for pipeline in reversed(asked):
            search.tell(pipeline, outcome(pipeline))
        assert not set(asked_pipelines(search, 100)) & set(asked)

    def test_only_what_was_asked_can_be_told_once(self, algorithm: SearchAlgorithm) -> None:
        """Telling something else, or telling again, is a mistake of the caller."""
        search = start(algorithm, SMALL_STAGES_YAML)
        (asked,) = asked_pipelines(search, 1)
        other = next(member for member in specification(SMALL_STAGES_YAML).space.members() if member != asked)
        with pytest.raises(ValueError, match="asked for"):
            search.tell(other, measured(other))
        search.tell(asked, measured(asked))
        with pytest.raises(ValueError, match="once"):
            search.tell(asked, measured(asked))

    @pytest.mark.parametrize("figures", [{}, {"accuracy": float("nan"), "latency_p95": 1.0}, {"accuracy": 0.5}])
    def test_a_missing_figure_is_no_number(self, algorithm: SearchAlgorithm, figures: dict[str, float]) -> None:
        """A pipeline whose figures are missing must be told as failed, and stays pending until it is."""
        search = start(algorithm, SMALL_STAGES_YAML)
        (asked,) = asked_pipelines(search, 1)
        with pytest.raises(ValueError, match="Tell it as Failed"):
            search.tell(asked, Measured(figures))
        search.tell(asked, Failed("no figure"))

    def test_a_search_needs_no_sla_and_no_second_objective(self, algorithm: SearchAlgorithm) -> None:
        """One measure is enough to search for."""
        wanted = specification(SMALL_STAGES_YAML)
        search = algorithm.start(wanted.space, Goals(wanted.goals.objectives[:1]), 0)
        for pipeline in asked_pipelines(search, 5):
            search.tell(pipeline, Measured({"accuracy": 0.5}))
        assert len(search.results) == 5
