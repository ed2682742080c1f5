"""Timings are known by what was timed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tradespace.addresses import digest
from tradespace.components.corpus import Corpus
from tradespace.components.notation import parse
from tradespace.components.rerankers.maxsim import MaxSim
from tradespace.components.retrievers.bm25 import BM25
from tradespace.components.store import ArtefactStore
from tradespace.explorer.storage import timing_keys
from tradespace.explorer.storage.timing_keys import (
    call_timing_key,
    calls_key,
    calls_question,
    own_key,
    passes_key,
    pipeline_key,
    speed_key,
    stage_key,
)
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


def test_keys_stay_what_they_were() -> None:
    """Ledgers hold timings under these keys: another key would time all of that anew."""
    here, component = corpus("a"), BM25()
    assert passes_key(component, here) == digest([here.key, component.key, "passes"])
    assert passes_key(MaxSim(), here) == passes_key(MaxSim(), corpus("b")) == digest(["", MaxSim().key, "passes"])
    assert own_key(component, here) == digest([here.key, component.key, "own"])
    assert stage_key(component, here) == digest([here.key, component.key])
    assert calls_key(component, here) == digest([here.key, component.key, "calls"])
    assert pipeline_key(parse("bm25()"), here) == digest([here.key, parse("bm25()").address])
    assert call_timing_key(b"\x01\xff") == "01ff"
    assert speed_key("BM25") == digest(["speed", "BM25"])
    assert calls_question("q1", ["01ff", "02ff"]) == f"q1 {digest(['01ff', '02ff'])}"


def test_only_one_file_makes_keys_of_timings() -> None:
    """Changing what a timing is keyed by is changing one file: no room that times makes digests of its own."""
    folder = Path(timing_keys.__file__).parents[1]
    files = [file for room in ("timing", "planning", "running") for file in (folder / room).rglob("*.py")]
    others = {"scoring.py", "parsed_documents.py"}  # whose digests are of answers, and of what parsers read
    files = [file for file in files if file.name not in others]
    assert len(files) > 20
    assert [file.name for file in files if re.search(r"\bdigest\(|\.hex\(\)", file.read_text())] == []
