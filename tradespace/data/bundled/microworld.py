"""`microworld` as a dataset: generated each time from a seed, for tests, examples and measurements of scale."""

from __future__ import annotations

from functools import cache

from tradespace.data import microworld as world
from tradespace.data.dataset import Dataset

SEED = 2**41
"""Training draws worlds from smaller seeds, so no model has seen this one."""
QUESTION_COUNT = 1200
SIZES = (100, 10_000)
"""Numbers of documents: `microworld/10000` is a world of that size."""


@cache
def microworld(documents: int = 400) -> Dataset:
    """A world of so many documents, with 1,200 questions about it."""
    name = "microworld" if documents == 400 else f"microworld/{documents}"
    asked = tuple(micro_question.question for micro_question in world.world_questions(SEED, documents, QUESTION_COUNT))
    return Dataset(name, tuple(world.world_documents(SEED, documents)), asked)
