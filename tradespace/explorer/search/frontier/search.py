"""The search: which pipeline is asked which questions next, until nothing is left that is likely to matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tradespace.components.base import Pipeline
from tradespace.explorer.arrays import Flags, Integers
from tradespace.explorer.dominance import non_dominated
from tradespace.explorer.search.account import Account, RacedOut
from tradespace.explorer.search.base import Failed, Measured, Problem, Search, Step, TrialResult
from tradespace.explorer.search.frontier.classes import classes
from tradespace.explorer.search.frontier.members import Members
from tradespace.explorer.search.frontier.objectives import Objectives
from tradespace.explorer.search.frontier.outlook import Outlook
from tradespace.explorer.search.frontier.pool import Pool
from tradespace.explorer.search.frontier.proposals import Proposals
from tradespace.explorer.search.frontier.race import defeats
from tradespace.explorer.search.frontier.settings_features import SettingsFeatures
from tradespace.explorer.search.frontier.stopping import chances_to_improve
from tradespace.explorer.search.frontier.told_figures import ToldFigures

NEIGHBOURS = 64
"""Members that are taken in at a time when a space is too large to consider all."""

MOST_AT_ONCE = 0.0025
"""The share of the price of everything from which on a search waits for what came of it, before it asks for more."""


@dataclass(frozen=True)
class FrontierSettings:
    """The settings of `Frontier`."""

    block: int
    pool: int
    error: float
    tolerance: float


class FrontierSearch(Search):
    """A search that buys what is expected to widen the frontier most for its price; see `Frontier`.

    What was ordered is looked up when nothing is under way any more, all of it together. Draws depend on the seed and
    on how much is known: a search whose source knows already what was bought goes on as if it had not been killed.
    """

    def __init__(self, problem: Problem, seed: int, storage: Path | None, settings: FrontierSettings) -> None:
        super().__init__(problem, seed, storage)
        self.settings = settings
        self.ending: str | None = None
        self._told = ToldFigures(problem.goals) if problem.source is None else None
        source = problem.source or self._told
        assert source is not None
        self._members = Members(problem.space, settings.pool, seed)
        self._pool = Pool(source, Objectives.of(problem.goals, source), SettingsFeatures(problem.space), settings.block)
        self._running = np.zeros(0, dtype=bool)
        self._failed: dict[Pipeline, str] = {}
        self._raced_out: list[RacedOut] = []
        self._front_looked_around: set[Pipeline] = set()

    def ask(self, count: int) -> list[Step]:
        """Steps of up to `count` blocks of questions in all, each of another pipeline; none when the search is over."""
        if self.ending is None and not self.pending:
            self._take_stock()
        steps = [] if self.ending else self._ordered(count)
        if not steps and not self.pending and self.ending is None:
            self.ending = "everything that may meet the goals was tried"
        self.pending.update(step.pipeline for step in steps)
        return steps

    def propose(self) -> Pipeline | None:
        """The pipeline of the next step."""
        return next((step.pipeline for step in self.ask(1)), None)

    def learn(self, pipeline: Pipeline, result: TrialResult) -> None:
        """Keep what is told; what the source knows is looked up later."""
        if isinstance(result, Failed):
            self._failed[pipeline] = result.reason
            self._running[self._pool.row(pipeline)] = False
        elif isinstance(result, Measured) and self._told:
            self._told.figures[pipeline] = result.figures
        elif isinstance(result, Measured):  # on all questions, whatever was asked for
            self._pool.order(self._pool.row(pipeline), range(self._pool.source.questions))

    @property
    def complete(self) -> Sequence[Pipeline]:
        """Pipelines that are known on all questions, one of each class, those of the frontier first."""
        front = {self._pool.pipelines[row] for row in self._front()} if self._pool.considered else set()
        return sorted(classes(self._pool, self._running), key=lambda pipeline: pipeline not in front)

    @property
    def account(self) -> Account:
        """What became of the candidates so far."""
        pool = self._pool
        alike = classes(pool, self._running)
        left = tuple(pool.pipelines[row] for row in self._rows(~pool.complete))
        dropped = {raced.pipeline for raced in self._raced_out} | self._failed.keys()
        return Account(
            candidates=pool.considered,
            whole_space=self._members.exhausted,
            classes=len(alike) + len(left) + len(pool.missing_sla) + len(dropped),
            missing_sla=tuple(pool.missing_sla),
            raced_out=tuple(self._raced_out),
            failed=dict(self._failed),
            complete=tuple(alike),
            alike=alike,
            open=left,
            questions=pool.source.questions,
            ending=self.ending,
        )

    def _take_stock(self) -> None:
        """Learn what became known, drop who is out, look around, and see whether the search is over."""
        if not self._pool.considered:
            self._consider(self._members.first())
        self._give_up(self._pool.collect())
        self._pool.refresh_costs(np.flatnonzero(self._running))
        self._leave_out()
        self._outlook = Outlook.of(self._pool)
        self._look_around()
        if self._told is None:
            self._race()
            self._end_if_done()

    def _leave_out(self) -> None:
        """Drop those that are not complete and, by what is foretold now, miss a bound; unless that leaves none."""
        may_keep = self._pool.objectives.may_keep_bounds(self._pool.costs, self._pool.spread)
        kept = self._running & (may_keep | self._pool.complete)
        if kept.any():
            self._pool.missing_sla += [self._pool.pipelines[row] for row in self._rows(~kept)]
            self._running = kept

    def _give_up(self, lacking: set[Pipeline]) -> None:
        """Drop those that were asked, and whose calls did not come: they would be asked for ever."""
        for pipeline in sorted(lacking & self.results.keys() - self._failed.keys(), key=self._pool.row):
            self._failed[pipeline] = "calls that it was asked for were not made"
            self._running[self._pool.row(pipeline)] = False

    def _ordered(self, count: int) -> list[Step]:
        """Order so many blocks, taking in more members where nothing is left to order; those of a row as one step."""
        ordered: dict[int, range] = {}
        proposals = self._proposals()
        prices = self._pool.source.prices
        most = np.inf if self._told else MOST_AT_ONCE * prices.sum()
        before = self._pool.missing.ordered_price
        for _ in range(count):
            if self._pool.missing.ordered_price - before >= most > 0:
                break
            proposal = proposals.next()
            if proposal is None and self._consider(self._members.drawn(NEIGHBOURS)):
                proposals = self._proposals()
                proposal = proposals.next()
            if proposal is None:
                break
            row, questions = proposal
            self._pool.order(row, questions)
            ordered[row] = range(ordered.get(row, questions).start, questions.stop)
        return [Step(self._pool.pipelines[row], None if self._told else each) for row, each in ordered.items()]

    def _proposals(self) -> Proposals:
        known = int(self._pool.known.sum())
        generator = np.random.default_rng([self.seed % 2**32, known])
        left = self._rows(self._pool.missing.is_open)
        return Proposals(self._pool, self._outlook, left, self._front(), generator)

    def _consider(self, pipelines: Sequence[Pipeline]) -> bool:
        """Take pipelines in; say whether there were any that may be tried."""
        before = len(self._pool)
        self._pool.add(pipelines)
        self._running = np.concatenate([self._running, np.ones(len(self._pool) - before, dtype=bool)])
        if len(self._pool) > before:
            self._outlook = Outlook.of(self._pool)
        return len(self._pool) > before

    def _look_around(self) -> None:
        """Take in neighbours of what is new on the frontier, where not all members are candidates."""
        front = [self._pool.pipelines[row] for row in self._front()]
        if fresh := [pipeline for pipeline in front if pipeline not in self._front_looked_around]:
            self._front_looked_around.update(fresh)
            self._consider(self._members.near(fresh, NEIGHBOURS))

    def _race(self) -> None:
        """Drop who was shown to be no better than another."""
        for defeat in defeats(self._pool, self._outlook, self._running, self.settings.error):
            self._running[defeat.row] = False
            pipelines = self._pool.pipelines
            self._raced_out.append(RacedOut(pipelines[defeat.row], pipelines[defeat.by], defeat.questions))

    def _end_if_done(self) -> None:
        left, front = self._rows(~self._pool.complete), self._front()
        if not front.size:
            return
        chances = chances_to_improve(self._outlook, left, front, self.settings.tolerance)
        if chances.sum() <= self.settings.error:
            self.ending = self._done()

    def _done(self) -> str:
        rest = "the rest of the space" if self._members.exhausted else f"the {self._pool.considered:,} pipelines drawn"
        points = f"{100 * self.settings.tolerance:g} point{'' if self.settings.tolerance == 0.01 else 's'}"
        return f"done: at {1 - self.settings.error:.0%} nothing in {rest} improves the frontier by more than {points}"

    def _rows(self, flags: Flags) -> Integers:
        """Rows that are running, and for which a flag is set."""
        return np.flatnonzero(self._running & flags)

    def _front(self) -> Integers:
        """Rows that are complete and not dominated by another, among those that keep all bounds."""
        complete = self._rows(self._pool.complete)
        keeping = complete[self._pool.objectives.keep_bounds(self._outlook.mean[complete])]
        return keeping[non_dominated(self._outlook.losses[keeping], [False] * self._outlook.losses.shape[1])]
