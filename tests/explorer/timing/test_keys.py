"""Timings are known by what was timed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradespace.components.corpus import Corpus
from tradespace.components.notation import parse
from tradespace.components.retrievers.bm25 import BM25
from tradespace.components.store import ArtefactStore
from tradespace.explorer.timing.keys import calls_key, pipeline_key, stage_key
from tradespace.types import Passage


def corpus(*texts: str) -> Corpus:
    return Corpus(tuple(Passage(text, text, text) for text in texts), ArtefactStore(Path("nowhere")))


def test_a_stage_its_calls_and_its_pipeline_are_three_things() -> None:
    """What is timed apart is kept apart, and another corpus is another thing."""
    keys = {stage_key(BM25(), corpus("a")), calls_key(BM25(), corpus("a")), pipeline_key(parse("bm25()"), corpus("a"))}
    assert len(keys) == 3
    assert keys.isdisjoint([stage_key(BM25(), corpus("b")), pipeline_key(parse("bm25()"), corpus("b"))])


def test_end_to_end_timings_of_another_release_are_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipeline whose component changed its behaviour is timed anew, though it is written alike."""
    before = pipeline_key(parse("bm25() >> sentence()"), corpus("a"))
    monkeypatch.setattr(BM25, "version", BM25.version + 1)
    assert pipeline_key(parse("bm25() >> sentence()"), corpus("a")) != before
