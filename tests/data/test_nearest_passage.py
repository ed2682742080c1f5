"""The passage that was probably meant."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tradespace.data import nearest_passage as module
from tradespace.data.nearest_passage import nearest_passage

TERMS = (
    "Returns. A purchase may be returned within 30 days of delivery, if it was not used.\n"
    "Shipping. The customer pays for shipping when the parcel leaves our house."
)


def test_a_misquoted_passage_is_found_in_whole_words() -> None:
    """A word more, a word less, another number."""
    near = nearest_passage("A purchase can be returned within 14 days of delivery", [("terms.md", TERMS)])
    assert near is not None
    assert (near.document_id, near.text) == ("terms.md", "A purchase may be returned within 30 days of delivery")
    assert TERMS[near.start : near.start + len(near.text)] == near.text


def test_the_best_document_is_named() -> None:
    """Not the first that has something in common."""
    near = nearest_passage("the customer pays all shipping", [("a", "The customer is king."), ("b", TERMS)])
    assert near is not None
    assert near.document_id == "b"


def test_what_is_nowhere_near_is_not_suggested() -> None:
    """Fewer than half of the quote's runs; and a quote too short to have any."""
    assert nearest_passage("The warranty covers two years.", [("terms.md", TERMS)]) is None
    assert nearest_passage("30", [("terms.md", TERMS)]) is None
    assert nearest_passage("anything at all", []) is None


def test_no_more_is_read_than_is_allowed() -> None:
    """What stands behind the limit is not looked at."""
    long = "x" * module.MOST_LOOKED_THROUGH + TERMS
    assert nearest_passage("returned within 30 days of delivery", [("long", long), ("terms.md", TERMS)]) is None


@given(st.text(), st.text())
def test_a_suggestion_is_a_passage_of_the_text(quote: str, text: str) -> None:
    """Whatever is quoted, in whatever script."""
    near = nearest_passage(quote, [("d", text)])
    assert near is None or (near.text and text[near.start :].startswith(near.text))
