"""The nondominated sorting genetic algorithm II (Deb et al. 2002). The sampler is Optuna's."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from pydantic import Field

from tradespace.explorer.search.base import Problem, Search, SearchAlgorithm
from tradespace.explorer.search.guided import GuidedSearch


class NSGA2(SearchAlgorithm):
    """Cross and mutate the pipelines of the frontier so far, `population` in each generation."""

    name: ClassVar[str] = "nsga2"
    population: int = Field(default=20, ge=2)

    def begin(self, problem: Problem, seed: int, storage: Path | None) -> Search:
        from optuna.samplers import NSGAIISampler

        return GuidedSearch(problem, seed, storage, NSGAIISampler(population_size=self.population, seed=seed))
