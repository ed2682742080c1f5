"""What every strategy must do. A new one joins by being in the list of strategies."""

from __future__ import annotations

import pytest

from tests.explorer.strategies.synthetic import INFINITE, SMALL, STAGES, measured, outcome, run, specification
from tradespace.errors import SpaceError
from tradespace.explorer.strategies import STRATEGIES, Failed, Measured, Search, strategy
from tradespace.search_space.sections import Named

FINITE = tuple(STRATEGIES)
EVERYWHERE = tuple(name for name, each in STRATEGIES.items() if not each.finite_only)


def start(name: str, stages: str, seed: int = 0) -> Search:
    """A search of a synthetic space by the strategy of that name."""
    wanted = specification(stages)
    return strategy(Named(name)).start(wanted.space, wanted.objectives, wanted.sla, seed)


@pytest.mark.parametrize("name", FINITE)
def test_no_pipeline_is_asked_twice_and_none_that_is_forbidden(name: str) -> None:
    """All that is asked for is in the space, each pipeline once."""
    space = specification(STAGES).space
    asked = run(start(name, STAGES), 60)
    assert len(asked) == len(set(asked)) == 60
    assert all(space.contains(pipeline) for pipeline in asked)


@pytest.mark.parametrize("name", FINITE)
def test_a_finite_space_is_exhausted(name: str) -> None:
    """In the end every member was asked for, and then nothing more is."""
    search = start(name, SMALL)
    assert set(run(search, 1000)) == set(specification(SMALL).space.members())
    assert search.ask(5) == []


@pytest.mark.parametrize("name", EVERYWHERE)
def test_an_infinite_space_is_searched(name: str) -> None:
    """Where numbers are drawn from ranges, searching goes on as long as it is asked to."""
    space = specification(INFINITE).space
    asked = run(start(name, INFINITE), 60)
    assert len(set(asked)) == 60
    assert all(space.contains(pipeline) for pipeline in asked)


@pytest.mark.parametrize("name", sorted(set(FINITE) - set(EVERYWHERE)))
def test_a_strategy_that_needs_a_finite_space_says_so(name: str) -> None:
    """Starting it on an infinite space is an error that says what to do."""
    with pytest.raises(SpaceError, match="finite space: give every range of floats a `step`"):
        start(name, INFINITE)


@pytest.mark.parametrize("name", FINITE)
def test_a_search_is_repeated_exactly(name: str) -> None:
    """The same seed and figures lead to the same pipelines, so a killed search is continued by repeating it."""
    first = run(start(name, STAGES), 60)
    assert run(start(name, STAGES), 24) == first[:24]
    assert run(start(name, STAGES), 60) == first


@pytest.mark.parametrize("name", FINITE)
def test_another_seed_searches_elsewhere(name: str) -> None:
    """The seed matters."""
    assert run(start(name, STAGES, seed=1), 24) != run(start(name, STAGES, seed=2), 24)


@pytest.mark.parametrize("name", FINITE)
def test_failures_are_survived(name: str) -> None:
    """A search in which everything fails goes on to the end."""
    search = start(name, SMALL)
    while proposed := search.ask(3):
        for pipeline in proposed:
            search.tell(pipeline, Failed("always"))
    assert set(search.told) == set(specification(SMALL).space.members())


@pytest.mark.parametrize("name", FINITE)
def test_asking_does_not_wait_for_answers(name: str) -> None:
    """Pipelines under way are not proposed again, and may be told in any order."""
    search = start(name, SMALL)
    asked = [*search.ask(4), *search.ask(4)]
    assert len(set(asked)) == 8
    for pipeline in reversed(asked):
        search.tell(pipeline, outcome(pipeline))
    assert not set(search.ask(100)) & set(asked)


@pytest.mark.parametrize("name", FINITE)
def test_only_what_was_asked_can_be_told_once(name: str) -> None:
    """Telling something else, or telling again, is a mistake of the caller."""
    search = start(name, SMALL)
    (asked,) = search.ask(1)
    other = next(member for member in specification(SMALL).space.members() if member != asked)
    with pytest.raises(ValueError, match="asked for"):
        search.tell(other, measured(other))
    search.tell(asked, measured(asked))
    with pytest.raises(ValueError, match="once"):
        search.tell(asked, measured(asked))


@pytest.mark.parametrize("figures", [{}, {"accuracy": float("nan"), "latency_p95": 1.0}, {"accuracy": 0.5}])
def test_a_missing_figure_is_no_number(figures: dict[str, float]) -> None:
    """A pipeline whose figures are missing must be told as failed, and stays pending until it is."""
    search = start("random", SMALL)
    (asked,) = search.ask(1)
    with pytest.raises(ValueError, match="Tell it as Failed"):
        search.tell(asked, Measured(figures, 0.1))
    search.tell(asked, Failed("no figure"))


@pytest.mark.parametrize("name", FINITE)
def test_a_search_needs_no_sla_and_no_second_objective(name: str) -> None:
    """One measure is enough to search for."""
    wanted = specification(SMALL)
    search = strategy(Named(name)).start(wanted.space, wanted.objectives[:1], None, 0)
    for pipeline in search.ask(5):
        search.tell(pipeline, Measured({"accuracy": 0.5}))
    assert len(search.told) == 5


def test_the_grid_follows_the_file_when_it_is_not_shuffled() -> None:
    """Without shuffling the members come in the order of the space."""
    wanted = specification(SMALL)
    search = strategy(Named("grid", {"shuffled": False})).start(wanted.space, wanted.objectives, wanted.sla, 0)
    assert run(search, 1000) == list(wanted.space.members())
