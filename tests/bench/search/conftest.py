"""A small recording: twelve pipelines, calls that they share, and random scores."""

from __future__ import annotations

import numpy as np
import pytest

from bench.search.recording import Recording
from tradespace.search_space.specification import load_text

EXPLORE, FRESH = 40, 30
SPACE = """
name: small
data: {dataset: wikipedia}
pipeline:
  retrieve: {bm25: {top_k: [1, 2, 3]}, dense: {top_k: [1, 2, 3]}}
  generate: {sentence: {passages: [1, 2, 3]}}
constraints: [generate.passages <= retrieve.top_k]
objectives: {answer_f1: maximize, latency_p95: minimize}
sla: {latency_p95: 3 s}
"""


@pytest.fixture(scope="session")
def recording() -> Recording:
    """The same for all tests: nothing changes it."""
    return small_recording()


def small_recording() -> Recording:
    """A pipeline ranks with a cheap call, and reads its passages one by one; the first passage may settle it."""
    specification = load_text(SPACE)
    pipelines = list(specification.space.members())
    generator = np.random.default_rng(7)
    cells, named = list[list[int]](), list[int]()
    for pipeline in pipelines:
        retriever, reader = pipeline.components
        for question in range(EXPLORE):
            ranking = 8 * question + (retriever.name == "dense")
            reads = [8 * question + 2 + passage + 3 * (retriever.name == "dense") for passage in range(reader.passages)]
            settled = generator.random() < 0.3
            cells.append([ranking, *(reads[:1] if settled else reads)])
            named.append(1)
    calls = np.concatenate([np.array(cell) for cell in cells])
    starts = np.concatenate([[0], np.cumsum([len(cell) for cell in cells])]).astype(np.intp)
    cheap = np.arange(8 * EXPLORE) % 8 < 2
    quality = np.linspace(0.3, 0.7, len(pipelines))[:, None]
    scores = (generator.random((len(pipelines), EXPLORE + FRESH)) < quality).astype(float)
    figures = generator.lognormal(0, 0.1, scores.shape) * np.linspace(1, 4, len(pipelines))[:, None]
    prices = np.where(cheap, 0.01, generator.uniform(0.5, 2.0, len(cheap)))
    alike = np.arange(len(pipelines))
    return Recording(
        specification, pipelines, scores, figures, EXPLORE, starts, calls, np.array(named), prices, cheap, alike, "s"
    )
