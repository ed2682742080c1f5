"""The search against a source whose truth is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from functools import cache

import numpy as np
import pytest

from tradespace.components.base import Pipeline
from tradespace.explorer.arrays import Integers
from tradespace.explorer.search import Frontier, Partial, Search
from tradespace.explorer.search.candidates import Cells, RecordedCandidates
from tradespace.explorer.search.frontier.pool import chosen
from tradespace.explorer.search.frontier.search import FrontierSearch
from tradespace.testing.recorded_space import reading_space, reading_specification


@cache
def source(seed: int = 0) -> RecordedCandidates:
    """A recorded space."""
    return reading_space(reading_specification(), questions=100, seed=seed)


def start(seed: int = 0, **settings: float) -> FrontierSearch:
    """A search of it."""
    specification = reading_specification()
    search = Frontier(**settings).start(specification.space, specification.goals, seed, source=source())
    assert isinstance(search, FrontierSearch)
    return search


def searched(search: Search, batch: int = 4, batches: int = 10_000) -> list[tuple[Pipeline, range]]:
    """All steps until the search ends, or so many times were asked for."""
    steps = []
    for _ in range(batches):
        if not (asked := search.ask(batch)):
            break
        for step in asked:
            search.tell(step.pipeline, Partial())
        steps += [(step.pipeline, step.questions) for step in asked]
    return steps


def numbers() -> dict[Pipeline, int]:
    """Pipelines with one number make the same calls."""
    return dict(zip(source().pipelines, source().alike.tolist(), strict=True))


def calls_of(steps: list[tuple[Pipeline, range]]) -> Integers:
    """The numbers of the distinct calls of steps."""
    known = source()
    places = {pipeline: place for place, pipeline in enumerate(known.pipelines)}
    cells = [places[pipeline] * known.questions + question for pipeline, questions in steps for question in questions]
    return np.unique(np.concatenate([known.calls[known.starts[cell] : known.starts[cell + 1]] for cell in cells]))


def test_blocks_are_asked_from_the_front() -> None:
    """Each pipeline answers the first questions first, a whole number of blocks at a time, and none twice."""
    answered: dict[Pipeline, int] = {}
    for pipeline, questions in searched(start()):
        assert questions.start >= answered.get(pipeline, 0)
        assert questions.start % 25 == questions.stop % 25 == 0
        answered[pipeline] = questions.stop


def test_the_frontier_is_found_for_a_part_of_the_price() -> None:
    """Every pipeline of the true frontier is complete in the end, or one is that scores within the tolerance."""
    search = start()
    steps = searched(search)
    truth, costs = source().truth.mean(axis=1)[:, 0], source().known_costs[:, 0]
    places = {pipeline: place for place, pipeline in enumerate(source().pipelines)}
    complete = [places[pipeline] for pipeline in search.account.complete]
    for place in np.flatnonzero(costs <= 0.1):
        rivals = [truth[each] for each in complete if costs[each] <= costs[place]]
        assert max(rivals) >= truth[place] - 0.01
    assert source().prices[calls_of(steps)].sum() < 0.5 * source().prices[np.unique(source().calls)].sum()


def test_the_search_says_that_it_is_done() -> None:
    """In a sentence, and asks for nothing any more."""
    search = start(error=0.1, tolerance=0.02)
    searched(search)
    assert search.account.ending == (
        "done: at 90% nothing in the rest of the space improves the frontier by more than 2 points"
    )
    assert search.ask(4) == []


def test_what_misses_the_service_level_is_never_called() -> None:
    """Pipelines that are foretold to be too slow are named, one of each class, and no question is asked of them."""
    search = start()
    asked = {pipeline for pipeline, _ in searched(search)}
    slow = {each for each, (cost,) in zip(source().pipelines, source().known_costs, strict=True) if cost > 0.1}
    assert set(search.account.missing_sla) <= slow
    assert {numbers()[each] for each in search.account.missing_sla} == {numbers()[each] for each in slow}
    assert not asked & slow


def test_pipelines_that_make_the_same_calls_are_one() -> None:
    """Every pipeline is in one class at most; all that make the calls of a complete one are in its class."""
    search = start()
    searched(search)
    account = search.account
    members = [each for front, others in account.alike.items() for each in (front, *others)]
    assert tuple(account.alike) == account.complete
    assert account.candidates == len(source().pipelines)
    assert len(members) == len(set(members))
    assert set(members) == {each for each, number in numbers().items() if number in {numbers()[one] for one in members}}


def test_pipelines_that_score_the_same_everywhere_are_one() -> None:
    """The cheaper one stands in front."""
    search = start()
    searched(search)
    scores = dict(zip(source().pipelines, source().truth, strict=True))
    costs = dict(zip(source().pipelines, source().known_costs, strict=True))
    for front, others in search.account.alike.items():
        assert all((scores[front] == scores[each]).all() and costs[front] <= costs[each] for each in others)
    fronts = [scores[front].tobytes() for front in search.account.complete]
    assert len(fronts) == len(set(fronts))


@pytest.mark.parametrize("batch", [1, 7])
def test_a_search_is_repeated_exactly(batch: int) -> None:
    """The same seed asks the same."""
    assert searched(start(3), batch) == searched(start(3), batch)


def knowing(steps: list[tuple[Pipeline, range]]) -> RecordedCandidates:
    """A source that knows already what some steps bought."""
    known = source()
    bought = np.isin(known.calls, calls_of(steps))
    starts = np.concatenate([[0], np.cumsum(~bought)])[known.starts].astype(np.intp)
    return replace(known, starts=starts, calls=known.calls[~bought])


@pytest.mark.parametrize("batches", [3, 20])
def test_a_killed_search_goes_on_the_same_way(batches: int) -> None:
    """A search whose source knows what the first batches bought asks for what came next."""
    specification = reading_specification()
    kept = searched(start(5), batches=batches)
    again = Frontier().start(specification.space, specification.goals, 5, source=knowing(kept))
    assert kept + searched(again) == searched(start(5))


class NothingComes(RecordedCandidates):
    """A source whose calls are never made."""

    def reveal(self, cells: Sequence[tuple[Pipeline, int]]) -> Cells:
        known = self.appraise([pipeline for pipeline, _ in cells]).cells
        return chosen(known, np.arange(len(cells)) * self.questions + np.array([question for _, question in cells]))


def test_pipelines_whose_calls_do_not_come_are_given_up() -> None:
    """They are not asked for ever; the account says why."""
    specification = reading_specification()
    recorded = source()
    given = {each.name: getattr(recorded, each.name) for each in fields(recorded) if each.init}
    search = Frontier().start(specification.space, specification.goals, 0, source=NothingComes(**given))
    searched(search, batches=300)
    assert search.account is not None
    assert search.account.ending == "everything that may meet the goals was tried"
    assert set(search.account.failed.values()) == {"calls that it was asked for were not made"}
