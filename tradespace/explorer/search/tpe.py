"""The tree-structured Parzen estimator (Bergstra et al. 2011; Watanabe 2023, arXiv:2304.11127), for several objectives
as in Ozaki et al. 2022 (JAIR 73). The sampler is Optuna's.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import ClassVar

from pydantic import Field

from tradespace.explorer.search.base import Problem, Search, SearchAlgorithm


class TPE(SearchAlgorithm):
    """Propose what is more like the best pipelines than like the rest.

    The first `startup` pipelines are drawn at random; of `candidates` the most promising is proposed.
    """

    name: ClassVar[str] = "tpe"
    startup: int = Field(default=16, gt=0)
    candidates: int = Field(default=24, gt=0)

    def begin(self, problem: Problem, seed: int, storage: Path | None) -> Search:
        from optuna.samplers import TPESampler

        from tradespace.explorer.search.guided import GuidedSearch

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sampler = TPESampler(n_startup_trials=self.startup, n_ei_candidates=self.candidates, seed=seed)
        return GuidedSearch(problem, seed, storage, sampler)
