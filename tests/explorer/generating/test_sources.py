"""Passages come in an order in which documents take turns."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tradespace.components.chunkers.base import passage_at
from tradespace.explorer.generating.sources import FEWEST_WORDS, SourcePassage, in_turn
from tradespace.types import Document, Passage

LONG = " ".join(["word"] * FEWEST_WORDS)


@given(st.lists(st.integers(0, 4), max_size=24), st.text(max_size=3))
def test_no_document_comes_again_before_all_others_came(documents: list[int], seed: str) -> None:
    """As long as they have any left; every passage that says enough comes once."""
    passages = [Passage(f"{place}", f"{document}", f"{LONG} {place}") for place, document in enumerate(documents)]
    order = in_turn(passages, seed)
    assert sorted(order, key=lambda passage: int(passage.id)) == passages
    left = Counter(passage.document_id for passage in passages)
    came = Counter[str]()
    for passage in order:
        came[passage.document_id] += 1
        others = [name for name in left if came[name] < left[name]]
        assert all(came[name] >= came[passage.document_id] - 1 for name in others)


def test_the_order_does_not_depend_on_that_of_the_files() -> None:
    """Renaming folders around must not change who is asked about first; another seed does."""
    passages = [Passage(str(place), str(place), f"{LONG} {place}") for place in range(20)]
    assert in_turn(passages, "0") == in_turn(passages[::-1], "0")
    assert in_turn(passages, "0") != in_turn(passages, "1")


def test_passages_of_a_few_words_are_left_out() -> None:
    """There is nothing to ask."""
    assert in_turn([Passage("a", "a", "Too few words.")], "0") == []


def test_evidence_lies_in_the_document() -> None:
    """A sentence of a passage, by its characters in the whole document."""
    document = Document("a", "One is here. Two is there. Three is nowhere.", "A")
    source = SourcePassage.of(passage_at(document, 13, 44), {"a": document})
    evidence = source.evidence(1)
    assert (evidence.text, evidence.start) == ("Three is nowhere.", 27)
    assert document.text[27 : 27 + len(evidence.text)] == evidence.text


def test_a_passage_that_is_not_where_it_says_has_no_place() -> None:
    """Its words are still evidence."""
    document = Document("a", "One is here.", "A")
    source = SourcePassage.of(Passage("a", "a", "One was there."), {"a": document})
    assert source.evidence(0).start is None
