"""What is sent to workers and back is what arrives."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.components.corpus import Corpus, whole_documents
from tradespace.components.store import ArtefactStore
from tradespace.explorer.running.executors.on_ray.exchange import as_archive, unarchive
from tradespace.explorer.running.executors.on_ray.transport import (
    CompactRanking,
    compact,
    from_compact,
    packed,
    unpacked,
)
from tradespace.testing.paragraphs import documents
from tradespace.types import Answer, Completion, Failure, Outcome, Passage, Request, ScoredPassage, Timed

pytestmark = pytest.mark.ray
CORPUS = Corpus(whole_documents(documents()), ArtefactStore(Path("artefacts")))
KNOWN = st.sampled_from(CORPUS.passages)
FOREIGN = st.builds(Passage, st.sampled_from(["foreign#1", CORPUS.passages[0].id]), st.text(), st.text())
RANKINGS = st.lists(st.builds(ScoredPassage, KNOWN | FOREIGN, st.floats(allow_nan=False)), max_size=5).map(tuple)
OUTCOMES = RANKINGS | st.builds(Answer, st.text(), st.floats(allow_nan=False)) | st.builds(Failure, st.text())


@given(st.lists(OUTCOMES, max_size=5))
def test_outcomes_arrive_as_they_were(outcomes: list[Outcome | Failure]) -> None:
    """Also passages that only look like those of the corpus."""
    sent = packed([compact(outcome, CORPUS) for outcome in outcomes], CORPUS)
    there = replace(CORPUS)
    assert [from_compact(each, there) for each in unpacked(sent, there)] == outcomes


def test_passages_of_the_corpus_are_not_sent() -> None:
    """Both sides have them."""
    request = Request("who?", CORPUS.passages)
    assert len(packed(request, CORPUS)) < sum(len(passage.text) for passage in CORPUS.passages) / 5
    assert unpacked(packed(request, CORPUS), replace(CORPUS)) == request
    ranking = tuple(ScoredPassage(passage, 1.0) for passage in CORPUS.passages)
    assert isinstance(compact(ranking, CORPUS), CompactRanking)


def test_what_was_timed_keeps_its_time() -> None:
    """As a local server's replies have it."""
    timed = Timed(Completion("yes", 3, 4), 0.25, host="afar")
    assert from_compact(unpacked(packed(compact(timed, CORPUS), CORPUS), CORPUS), CORPUS) == timed


def test_a_built_thing_is_copied_whole(tmp_path: Path) -> None:
    """Files in folders too, to the byte."""
    (tmp_path / "built" / "parts").mkdir(parents=True)
    (tmp_path / "built" / "parts" / "weights").write_bytes(bytes(range(256)))
    (tmp_path / "copy").mkdir()
    unarchive(as_archive(tmp_path / "built"), tmp_path / "copy")
    assert (tmp_path / "copy" / "parts" / "weights").read_bytes() == bytes(range(256))
