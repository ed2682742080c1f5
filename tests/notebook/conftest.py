"""A small study, explored from frames: 48 Wikipedia paragraphs, as many questions, four pipelines."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import tradespace
from tradespace.notebook.study import Study
from tradespace.testing.paragraphs import documents, questions

SPACE = """
name: paragraphs
data: {explore: 24, confirm: 24, columns: {groups: [topic]}}
pipeline:
  retrieve: {bm25: {top_k: [1, 3]}}
  generate: {sentence: {passages: [1, 2]}}
objectives: {answer_contained: maximize, latency_p95: minimize, usd_per_1k: minimize}
prices: {host_usd_per_hour: 0.36}
sla: {latency_p95: 10 s, split: [retrieve, generate]}
search: {strategy: grid}
"""
"""No machine is so slow that it misses this SLA."""
QUICK = SPACE.replace("explore: 24, confirm: 24", "explore: 8, confirm: 0")
"""The same, with nothing to confirm."""


def asked() -> pd.DataFrame:
    """The questions, each with what it is about."""
    return pd.DataFrame(
        {
            "id": [each.id for each in questions()],
            "question": [each.text for each in questions()],
            "answers": [list(each.answers) for each in questions()],
            "gold": [list(each.gold) for each in questions()],
            "topic": [each.title for each in documents()],
        }
    )


def pages() -> pd.DataFrame:
    """The paragraphs."""
    return pd.DataFrame([{"id": each.id, "text": each.text, "title": each.title} for each in documents()])


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the study is."""
    return tmp_path_factory.mktemp("studies") / "paragraphs"


@pytest.fixture(scope="session")
def study(folder: Path) -> Study:
    """The study."""
    return tradespace.explore(SPACE, (asked(), pages()), folder, quiet=True)
