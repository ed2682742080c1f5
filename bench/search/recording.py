"""A space of which everything is known: what pipelines score and cost on every question, and the calls they make.

The first questions are those that a search may explore; the others tell the truth, and no search sees them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from bench.search.staged import StagedCandidates
from tradespace.components.base import Pipeline
from tradespace.components.notation import parse
from tradespace.explorer.arrays import Floats, Integers
from tradespace.search_space.specification import Specification, load_specification

SPACES = Path(__file__).parent / "spaces"
EXAMPLES = Path(__file__).parents[2] / "examples"
CACHE = Path(__file__).parents[2] / "runs" / "search"
"""Where recordings are kept; git ignores it."""


@dataclass(frozen=True)
class Recording:
    """What was recorded of a space.

    Attributes:
        specification: the space and its goals: one score that is maximised, and one cost.
        pipelines: all members.
        scores: of shape (pipelines, questions).
        figures: seconds or dollars of each cell, of the same shape.
        explore: how many questions a search may see, counted from the front.
        starts, calls: the numbers of the calls of each cell of the explore questions, pipeline after pipeline, in the
            order in which they are made.
        named: how many dear calls of each cell can be named before any of them is made; what the others are depends on
            what these come to.
        prices: of each call, in `unit`.
        cheap: which calls cost next to nothing; a search with a source has them made beforehand, and pays for them.
        alike: a number for each pipeline; those with one number make the same calls and score the same.
    """

    specification: Specification
    pipelines: list[Pipeline]
    scores: Floats
    figures: Floats
    explore: int
    starts: Integers
    calls: Integers
    named: Integers
    prices: Floats
    cheap: np.ndarray
    alike: Integers
    unit: str

    @property
    def cost_name(self) -> str:
        """The figure that is foretold."""
        goals = self.specification.goals
        return next((each.measure for each in goals.objectives if not each.is_score), goals.latency)

    @cached_property
    def bound(self) -> float:
        """The cost that a pipeline must keep to; without a bound that of the dearest."""
        bounds = {bound.measure: bound.limit for bound in self.specification.goals.bounds}
        return bounds.get(self.cost_name, float(self.true_costs.max()) * 1.001)

    @cached_property
    def floor(self) -> float:
        """The score that counts for nothing: the worst that keeps the bound."""
        return float(self.explore_scores[self.kept].min())

    @cached_property
    def explore_scores(self) -> Floats:
        """The mean score of each pipeline over the explore questions."""
        return np.asarray(self.scores[:, : self.explore].mean(axis=1))

    @cached_property
    def fresh_scores(self) -> Floats:
        """The same over the questions that no search sees."""
        return np.asarray(self.scores[:, self.explore :].mean(axis=1))

    @cached_property
    def costs(self) -> Floats:
        """The cost of each pipeline, measured on the explore questions."""
        return self._cost(self.figures[:, : self.explore])

    @cached_property
    def true_costs(self) -> Floats:
        """The cost of each pipeline over all questions."""
        return self._cost(self.figures)

    @cached_property
    def kept(self) -> np.ndarray:
        """Which pipelines keep the bound."""
        return self.true_costs <= self.bound

    @cached_property
    def total(self) -> float:
        """The price of all calls."""
        return float(self.prices[np.unique(self.calls)].sum())

    def cost_on(self, rows: Integers, questions: int) -> Floats:
        """Costs measured on the first questions."""
        return self._cost(self.figures[rows, :questions])

    def _cost(self, figures: Floats) -> Floats:
        """The 95th percentile of seconds, or dollars for a thousand questions."""
        if self.cost_name.startswith("latency"):
            return np.asarray(np.quantile(figures, 0.95, axis=1))
        return np.asarray(1000 * figures.mean(axis=1))

    def shuffled(self, seed: int) -> Recording:
        """The same with the explore questions in another order."""
        order = np.random.default_rng(seed).permutation(self.explore)
        questions = np.concatenate([order, np.arange(self.explore, self.scores.shape[1])])
        cells = (np.arange(len(self.pipelines))[:, None] * self.explore + order).ravel()
        counts = np.diff(self.starts)[cells]
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.intp)
        places = np.arange(starts[-1]) + np.repeat(self.starts[cells] - starts[:-1], counts)
        return replace(
            self,
            scores=self.scores[:, questions],
            figures=self.figures[:, questions],
            starts=starts,
            calls=self.calls[places],
            named=self.named[cells],
        )

    def source(self, seed: int = 0, relative_error: float = 0.0, bought: np.ndarray | None = None) -> StagedCandidates:
        """What a search may know of it beforehand: costs as foretold with a relative error; cheap calls are made.

        `bought` marks the calls that were made, and is to be kept up to date by whoever makes them.
        """
        noise = np.exp(np.random.default_rng(seed).normal(0.0, relative_error, len(self.pipelines)))
        dear = ~self.cheap[self.calls]
        starts = np.concatenate([[0], np.cumsum(dear)])[self.starts]
        return StagedCandidates(
            self.pipelines,
            self.scores[:, : self.explore, None],
            (self.true_costs * noise)[:, None],
            starts.astype(np.intp),
            self.calls[dear],
            self.prices,
            (self.cost_name,),
            (self.specification.goals.primary.measure,),
            self.unit,
            relative_error,
            self.alike,
            self.named,
            self.cheap.copy() if bought is None else bought,
        )

    def save(self, path: Path) -> None:
        """Write all arrays into one file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(
            path,
            pipelines=np.array([str(pipeline) for pipeline in self.pipelines]),
            scores=self.scores.astype(np.float32),
            figures=self.figures.astype(np.float32),
            explore=self.explore,
            starts=self.starts,
            calls=self.calls.astype(np.int32),
            named=self.named.astype(np.int16),
            prices=self.prices,
            cheap=self.cheap,
            alike=self.alike,
            unit=self.unit,
        )


def space_path(name: str) -> Path:
    """The file that describes a space: one of the benchmark's own, or an example."""
    own = SPACES / f"{name}.yaml"
    return own if own.exists() else EXAMPLES / f"{name}.yaml"


def load(name: str) -> Recording:
    """The recording of a space.

    Raises:
        FileNotFoundError: it was not made yet.
    """
    path = CACHE / f"{name}.npz"
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing: `python -m bench.search record {name}` makes it")
    with np.load(path) as kept:
        return Recording(
            load_specification(space_path(name)),
            [parse(str(text)) for text in kept["pipelines"]],
            kept["scores"].astype(np.float64),
            kept["figures"].astype(np.float64),
            int(kept["explore"]),
            kept["starts"].astype(np.intp),
            kept["calls"].astype(np.intp),
            kept["named"].astype(np.intp),
            kept["prices"],
            kept["cheap"],
            kept["alike"],
            str(kept["unit"]),
        )
