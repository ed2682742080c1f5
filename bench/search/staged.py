"""A recorded source that names calls no sooner than an exploration can: what follows a call depends on its outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from tradespace.components.base import Pipeline
from tradespace.explorer.arrays import Floats, Integers
from tradespace.explorer.search.candidates import Appraisal, Cells, RecordedCandidates


@dataclass
class StagedCandidates(RecordedCandidates):
    """Cells tell the calls of their first round; once these are bought, all that followed.

    Attributes:
        named: how many calls of each cell are of its first round.
        bought: which calls were made so far, shared with whoever makes them.
    """

    named: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.intp))
    bought: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))

    def __post_init__(self) -> None:
        super().__post_init__()
        within = np.arange(len(self.calls)) - np.repeat(self.starts[:-1], np.diff(self.starts))
        self._is_first = within < np.repeat(self.named, np.diff(self.starts))
        following = self._sums(self.prices[self.calls] * ~self._is_first)
        self._expected = float(following.mean())

    def appraise(self, pipelines: Sequence[Pipeline]) -> Appraisal:
        """All cells of some pipelines, as they are now."""
        places = self._rows(pipelines)
        cells = (places[:, None] * self.questions + np.arange(self.questions)).ravel()
        alike = places if self.alike is None else self.alike[places]
        return Appraisal(alike, *self.costs(pipelines), self._known(cells))

    def reveal(self, cells: Sequence[tuple[Pipeline, int]]) -> Cells:
        """Some cells, as they are now."""
        places = self._rows([pipeline for pipeline, _ in cells])
        questions = np.array([question for _, question in cells], dtype=np.intp)
        return self._known(places * self.questions + questions)

    def _known(self, cells: Integers) -> Cells:
        counts = self.starts[cells + 1] - self.starts[cells]
        owner = np.repeat(np.arange(len(cells)), counts)
        places = (
            np.arange(len(owner))
            - np.repeat(np.cumsum(counts) - counts, counts)
            + np.repeat(self.starts[cells], counts)
        )
        lacking = ~self.bought[self.calls[places]]
        first = lacking & self._is_first[places]
        waits = np.bincount(owner[first], minlength=len(cells)) > 0
        shown = np.where(waits[owner], first, lacking)
        starts = np.concatenate([[0], np.cumsum(np.bincount(owner[shown], minlength=len(cells)))]).astype(np.intp)
        truth = self.truth.reshape(-1, self.truth.shape[2])[cells]
        scores = np.where((np.diff(starts) > 0)[:, None], np.nan, truth)
        return Cells(scores, starts, self.calls[places[shown]], np.where(waits, self._expected, 0.0))

    def _sums(self, of_calls: Floats) -> Floats:
        """Sums over the calls of each cell."""
        totals = np.concatenate([[0.0], np.cumsum(of_calls)])
        return np.asarray(totals[self.starts[1:]] - totals[self.starts[:-1]])
