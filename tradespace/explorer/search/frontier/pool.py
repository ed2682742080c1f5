"""The candidates of a search, one row for each class, and all that is known of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tradespace.components.base import Pipeline
from tradespace.explorer.arrays import Flags, Floats, Integers
from tradespace.explorer.search.candidates import Appraisal, CandidateSource, Cells
from tradespace.explorer.search.frontier.missing_calls import MissingCalls
from tradespace.explorer.search.frontier.objectives import Objectives
from tradespace.explorer.search.frontier.setting_effects import Settings
from tradespace.explorer.search.frontier.settings_features import SettingsFeatures


class Pool:
    """Pipelines that may keep the service level, of those that are alike the cheapest; a row for each.

    Attributes:
        pipelines: one for each row.
        alike: the other members of each row's class.
        missing_sla: those that are foretold to miss a bound, one of each class; they have no row, or are not asked.
        considered: how many pipelines were appraised.
        scores: what they score, of shape (rows, questions, score objectives); NaN while unknown.
        known: which cells are known, of shape (rows, questions).
        costs, spread: foretold figures and their relative standard errors, of shape (rows, costs).
        missing: the calls that are left to make.
    """

    def __init__(self, source: CandidateSource, objectives: Objectives, encoder: SettingsFeatures, block: int) -> None:
        self.source = source
        self.objectives = objectives
        self.pipelines: list[Pipeline] = []
        self.alike: list[list[Pipeline]] = []
        self.missing_sla: list[Pipeline] = []
        self.considered = 0
        questions, scores, costs = source.questions, len(source.score_names), len(source.cost_names)
        self._features = np.zeros((0, 0))
        self.scores = np.zeros((0, questions, scores))
        self.known = np.zeros((0, questions), dtype=bool)
        self.costs, self.spread = np.zeros((0, costs)), np.zeros((0, costs))
        self.missing = MissingCalls(questions, block)
        self._encoder = encoder
        self._rows: dict[Pipeline, int] = {}
        self._classes: dict[int, int] = {}
        self._filled: list[Integers] = []

    def __len__(self) -> int:
        return len(self.pipelines)

    def row(self, pipeline: Pipeline) -> int:
        """The row of a pipeline that stands in front of its class."""
        return self._rows[pipeline]

    @property
    def complete(self) -> Flags:
        """Which rows are known on all questions."""
        return np.asarray(self.known.all(axis=1))

    @property
    def asked(self) -> Flags:
        """The runs of blocks from the front that each row has answered completely, of shape (rows, questions)."""
        block = self.missing.block
        run = np.where(self.known.all(axis=1), self.source.questions, self.known.argmin(axis=1) // block * block)
        return np.asarray(np.arange(self.source.questions) < run[:, None])

    @property
    def settings(self) -> Settings:
        """The settings of all rows as numbers."""
        return Settings(self._features, self._encoder.owners)

    def add(self, pipelines: Sequence[Pipeline]) -> None:
        """Appraise pipelines; give those a row that may keep the bounds, and are not alike one that has. Where there is
        none, the one that misses them by least has a row."""
        if not pipelines:
            return
        appraisal = self.source.appraise(pipelines)
        self.considered += len(pipelines)
        fresh = []
        may_keep = self.objectives.may_keep_bounds(appraisal.costs, appraisal.spread)
        if not (self.pipelines or may_keep.any()):
            may_keep[np.argmin(self.objectives.shares_missed(appraisal.costs))] = True
        for place in _cheapest_first(appraisal):
            number, pipeline = int(appraisal.alike[place]), pipelines[place]
            if number in self._classes:
                self._behind(self._classes[number], pipeline)
            elif may_keep[place]:
                self._classes[number] = len(self.pipelines)
                self._in_front(pipeline)
                fresh.append(place)
            else:
                self._classes[number] = -1
                self.missing_sla.append(pipeline)
        if fresh:
            self._add_rows(appraisal, np.array(fresh, dtype=np.intp))

    def order(self, row: int, questions: range) -> None:
        """Take what a row lacks on some questions as bought."""
        first = row * self.source.questions
        self._filled.append(self.missing.order(np.arange(first + questions.start, first + questions.stop)))

    def collect(self) -> set[Pipeline]:
        """Ask the source about the cells that lack nothing any more; return who still lacks what was ordered."""
        numbers = np.unique(np.concatenate([np.zeros(0, dtype=np.intp), *self._filled]))
        self._filled.clear()
        if not len(numbers):
            return set()
        rows, questions = np.divmod(numbers, self.source.questions)
        pipelines = [self.pipelines[row] for row in rows]
        cells = self.source.reveal(list(zip(pipelines, questions.tolist(), strict=True)))
        again = np.repeat(np.arange(len(numbers)), np.diff(cells.starts))[self.missing.were_ordered(cells.calls)]
        self._take_in(numbers, cells)
        return {pipelines[place] for place in again}

    def refresh_costs(self, rows: Integers) -> None:
        """Foretell the costs of some rows anew, from all that is known by now."""
        if self.costs.shape[1] and len(rows):
            self.costs[rows], self.spread[rows] = self.source.costs([self.pipelines[row] for row in rows])

    def _in_front(self, pipeline: Pipeline) -> None:
        self._rows[pipeline] = len(self.pipelines)
        self.pipelines.append(pipeline)
        self.alike.append([])

    def _behind(self, row: int, pipeline: Pipeline) -> None:
        if row >= 0:
            self.alike[row].append(pipeline)

    def _add_rows(self, appraisal: Appraisal, places: Integers) -> None:
        count, questions = len(places), self.source.questions
        first = len(self) - count
        fresh = self._encoder([self.pipelines[row] for row in range(first, len(self))])
        self._features = np.vstack([_widened(self._features, fresh.shape[1]), fresh])
        self.scores = np.concatenate([self.scores, np.full((count, *self.scores.shape[1:]), np.nan)])
        self.known = np.concatenate([self.known, np.zeros((count, questions), dtype=bool)])
        self.costs = np.vstack([self.costs, appraisal.costs[places]])
        self.spread = np.vstack([self.spread, appraisal.spread[places]])
        self.missing.add_rows(count)
        cells = (places[:, None] * questions + np.arange(questions)).reshape(-1)
        self._take_in(np.arange(first * questions, len(self) * questions), chosen(appraisal.cells, cells))

    def _take_in(self, numbers: Integers, cells: Cells) -> None:
        """Cells that lack nothing are known; note what the others lack."""
        done = np.diff(cells.starts) == 0
        self.known.reshape(-1)[numbers[done]] = True
        self.scores.reshape(-1, self.scores.shape[2])[numbers[done]] = cells.scores[done]
        if not done.all():
            self.missing.lack(numbers, cells, self.source.prices)


def chosen(cells: Cells, places: Integers) -> Cells:
    """Some of the cells, in this order."""
    counts = np.diff(cells.starts)[places]
    ends = np.cumsum(counts)
    within = np.arange(ends[-1] if len(ends) else 0) + np.repeat(cells.starts[places] - (ends - counts), counts)
    starts = np.concatenate([[0], ends]).astype(np.intp)
    return Cells(cells.scores[places], starts, cells.calls[within], cells.further[places])


def _cheapest_first(appraisal: Appraisal) -> Integers:
    """Places of the pipelines by their first cost, then the next, then as they come."""
    columns = [np.arange(len(appraisal.alike)), *appraisal.costs.T[::-1]]
    return np.asarray(np.lexsort(columns))


def _widened(features: Floats, columns: int) -> Floats:
    return np.pad(features, ((0, 0), (0, columns - features.shape[1])))
