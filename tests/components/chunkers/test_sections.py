"""Passages that follow headings, and what is known of where a passage comes from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.components.chunkers.base import place_in_document
from tradespace.components.chunkers.sections import Sections
from tradespace.components.chunkers.structure import SourceLocation, headings_of, path_at, source_location
from tradespace.testing.chunker_contract import assert_covered
from tradespace.types import Document, Heading, Passage

BOOK = Document(
    "book.md",
    "Foreword of the book.\n\n# Returns\nWithin 30 days.\n\n## Damage\n\n### At sea\nWithin 2 years.\n\n# Costs\nNone.",
    pages=(0, 23, 60),
)
WORDS = st.sampled_from(["one", "two.", "Three", "four!", "# Head", "## Sub", "\n", "\n\n", "---"])


def texts(document: Document, **settings: int) -> list[str]:
    return [passage.text for passage in Sections(**settings).split([document])]


def test_each_section_is_a_passage() -> None:
    """Also what stands before the first heading; a heading without text of its own goes with what follows."""
    assert texts(BOOK) == [
        "Foreword of the book.",
        "# Returns\nWithin 30 days.",
        "## Damage\n\n### At sea\nWithin 2 years.",
        "# Costs\nNone.",
    ]


def test_headings_that_the_file_told_come_first() -> None:
    """A text with marks of its own, such as a PDF's, is cut where its outline says."""
    document = Document("a", "Cats\nThey sit.\n# no heading\nDogs\nThey run.", headings=(Heading(28, 1, "Dogs"),))
    assert texts(document) == ["Cats\nThey sit.\n# no heading", "Dogs\nThey run."]


def test_a_section_that_is_too_long_is_cut_between_sentences() -> None:
    """As many as fit, and none reaches over a heading."""
    document = Document("a", "# Long\n" + "This sentence has six words exactly. " * 5 + "\n# Short\nIt ends here.")
    assert texts(document, size=16) == [
        "# Long\nThis sentence has six words exactly. This sentence has six words exactly.",
        "This sentence has six words exactly. This sentence has six words exactly.",
        "This sentence has six words exactly.",
        "# Short\nIt ends here.",
    ]


def test_the_headings_above_are_put_in_front_on_request() -> None:
    """Not the one that a passage begins with itself; each passage keeps its place."""
    document = Document(
        "a", "# Returns\n## Damage\n" + "This sentence has six words exactly. " * 4 + "\n# Costs\nNone."
    )
    passages = Sections(size=16, headings=True).split([document])
    assert [passage.text.splitlines()[0] for passage in passages] == ["# Returns", "Returns > Damage", "# Costs"]
    for passage in passages:
        place = place_in_document(passage, document)
        assert place
        assert passage.text.endswith(document.text[slice(*place)])
        assert passage.id == f"a[{place[0]}:{place[1]}]"


@given(st.lists(WORDS, max_size=40).map(" ".join), st.integers(16, 40), st.booleans())
def test_any_text_is_covered_and_every_passage_fits(text: str, size: int, headings: bool) -> None:
    """Whatever its marks; headings in front count on top."""
    document = Document("any", text)
    passages = Sections(size=size).split([document])
    assert_covered(document, passages)
    assert all(len(passage.text.split()) <= size for passage in passages)
    led = Sections(size=size, headings=headings).split([document])
    assert [passage.id for passage in led] == [passage.id for passage in passages]
    assert [place_in_document(passage, document) for passage in led] == [
        place_in_document(passage, document) for passage in passages
    ]


def test_a_sentence_that_is_too_long_is_cut_between_words() -> None:
    """A table without full stops is one endless sentence."""
    document = Document("a", "cell " * 50)
    assert [len(text.split()) for text in texts(document, size=16)] == [16, 16, 16, 2]


def test_a_passage_knows_its_pages_and_its_section() -> None:
    """From the headings and pages of its document."""
    foreword, returns, damage, costs = Sections().split([BOOK])
    assert source_location(foreword, BOOK) == SourceLocation(1, 1)
    assert source_location(returns, BOOK) == SourceLocation(2, 2, ("Returns",))
    assert source_location(damage, BOOK) == SourceLocation(2, 3, ("Returns", "Damage"))
    assert str(source_location(costs, BOOK)) == "page 3, Costs"
    assert source_location(Sections(headings=True).split([BOOK])[2], BOOK) == source_location(damage, BOOK)


@pytest.mark.parametrize(
    ("passage", "document"),
    [
        (Passage("book.md[0:5]", "book.md", "Rewritten."), BOOK),
        (Passage("other", "other", "Text."), BOOK),
        (Passage("book.md", "book.md", BOOK.text), None),
    ],
)
def test_nothing_is_said_of_a_passage_without_a_known_place(passage: Passage, document: Document | None) -> None:
    """Rather than something wrong."""
    assert str(source_location(passage, document)) == ""


def test_empty_pages_are_nobodys() -> None:
    """A text stands on the last page that begins before it: those before it with the same beginning are empty."""
    document = Document("a", "One.\nFour.", pages=(0, 5, 5, 5))
    assert source_location(Passage("a[5:10]", "a", "Four."), document) == SourceLocation(4, 4)


def test_the_headings_of_a_place_are_those_not_yet_ended() -> None:
    """One ends where another of its level or a higher one begins; levels may be skipped."""
    headings = headings_of(Document("a", "# A\n### B\n## C\n#### D\n# E\n"))
    paths = ["".join(heading.text for heading in path_at(headings, each.start)) for each in headings]
    assert paths == ["A", "AB", "AC", "ACD", "E"]
    assert path_at(headings[1:], 0) == ()
