"""Two grids that others measured (deepset-ai/haystack-evaluation), and the dollars of reading what was retrieved, which
were not published."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from bench.search.recording import CACHE, Recording
from tradespace.explorer.arrays import Flags, Floats
from tradespace.search_space.recorded import recorded_pipelines
from tradespace.search_space.specification import Specification

USD_PER_MILLION_TOKENS = 0.15
"""Of gpt-4o-mini's input, as in examples/replay-gsm8k.yaml."""
CHARACTERS_PER_TOKEN, CHARACTERS_PER_WORD = 4, 6
GRIDS = ("aragog", "squad")


def write_tables(folder: Path) -> None:
    """Settings, questions and similarity of answers, with dollars; into the folder of recordings."""
    CACHE.mkdir(parents=True, exist_ok=True)
    for name in GRIDS:
        table = pd.read_csv(folder / f"haystack_{name}" / "per_question.csv.gz")
        characters = table.get("context_chars", table["top_k"] * table["chunk_size"] * CHARACTERS_PER_WORD)
        table["usd"] = characters / CHARACTERS_PER_TOKEN * USD_PER_MILLION_TOKENS / 1e6
        columns = ["embedder", "top_k", "chunk_size", "question_id", "sas", "usd"]
        table[columns].to_csv(CACHE / f"{name}.csv", index=False)


def recorded_grid(specification: Specification) -> Recording:
    """A grid as a recording: each pair of pipeline and question is a call of its own.

    Questions are in the order of the file's seed; those that a pipeline has no score for are left out.
    """
    grid, data = specification.grid, specification.data
    assert grid is not None and grid.usd is not None, "a table with dollars is needed"
    split = grid.dataset.split(data.explore, data.confirm, data.seed)
    order = [grid.places[question.id] for question in (*split.explore, *split.confirm)]
    scores: Floats = grid.scores[specification.goals.primary.measure][:, order]
    usd: Floats = grid.usd[:, order]
    whole: Flags = np.asarray(np.isfinite(scores).all(axis=0))
    explore, pipelines = int(whole[: data.explore].sum()), recorded_pipelines(grid)
    cells = len(pipelines) * explore
    return Recording(
        specification,
        pipelines,
        scores[:, whole],
        usd[:, whole],
        explore,
        np.arange(cells + 1, dtype=np.intp),
        np.arange(cells, dtype=np.intp),
        np.ones(cells, dtype=np.intp),
        usd[:, whole][:, :explore].ravel(),
        np.zeros(cells, dtype=bool),
        np.arange(len(pipelines)),
        "usd",
    )
