"""Answers of a server say where their passages come from."""

from __future__ import annotations

from pathlib import Path

from tests.parsing.made_files import pdf
from tradespace.components.chunkers.structure import SourceLocation
from tradespace.components.notation import parse
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.replicas import ReplicaSetup
from tradespace.serving.app import _passage
from tradespace.serving.locations import PassageLocations
from tradespace.types import Document, Passage, ScoredPassage

READ = parse("sections() >> bm25()")
PARSED = parse("pdfminer() >> sections() >> bm25()")


def test_passages_are_located_as_their_pipeline_reads_documents(tmp_path: Path) -> None:
    """Also where it parses them itself, in another way than they were read."""
    (tmp_path / "a.pdf").write_bytes(pdf(["Foreword.", "Prices."], outline=[("Prices", 0, 1)]))
    document = Document("a.pdf", "As it was read.", pages=(0,), file=str(tmp_path / "a.pdf"))
    locations = PassageLocations(ReplicaSetup((document,), tmp_path, (READ, PARSED), stages=()))
    passage = OpenedComponents((document,), tmp_path).corpus(PARSED).passages[-1]
    assert locations.of(passage, PARSED) == SourceLocation(2, 2, ("Prices",))
    assert locations.of(passage, READ) == SourceLocation()
    assert locations.of(Passage("a.pdf", "a.pdf", "As it was read."), READ) == SourceLocation(1, 1)
    assert locations.of(Passage("elsewhere", "elsewhere", "Text."), READ) == SourceLocation()


def test_where_a_passage_stands_is_said_where_it_is_known() -> None:
    """Clients that do not ask for it see no change."""
    scored = ScoredPassage(Passage("a[0:5]", "a", "Text."), 0.5)
    plain = {"id": "a[0:5]", "document": "a", "text": "Text.", "score": 0.5}
    assert _passage(scored, SourceLocation()) == plain
    located = _passage(scored, SourceLocation(2, 3, ("Prices", "Amber")))
    assert located == {**plain, "pages": [2, 3], "section": ["Prices", "Amber"]}
