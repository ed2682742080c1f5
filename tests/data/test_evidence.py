"""Where quotations stand in documents."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tradespace.data.evidence import MOST_PLACES, Quotation, SearchedTexts, located_evidence
from tradespace.errors import DataError
from tradespace.types import Document, Evidence

RETURNS = "# Returns\nA purchase may be returned\nwithin 30 days. “No questions” – none."
SHIPPING = "The customer pays for shipping. Within 30 days."
SEARCHED = SearchedTexts([Document("returns.md", RETURNS), Document("shipping.md", SHIPPING)])


def found(quotation: Quotation | str, *gold: str) -> list[tuple[str, str]]:
    """Documents and texts of what a quotation stands for; each must be where it says that it is."""
    given = Quotation(quote=quotation) if isinstance(quotation, str) else quotation
    evidence = located_evidence(given, gold, SEARCHED)
    assert all(SEARCHED.texts[each.document_id][each.start :].startswith(each.text) for each in evidence)
    assert all(each.source == SEARCHED.texts[each.document_id] for each in evidence)
    return [(each.document_id, each.text) for each in evidence]


def test_a_quote_is_found_as_it_is_written() -> None:
    """With its place in the document."""
    assert located_evidence(Quotation(quote="pays for shipping"), (), SEARCHED) == (
        Evidence("shipping.md", "pays for shipping", SHIPPING.index("pays")),
    )


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("may be returned within 30 days.", "may be returned\nwithin 30 days."),
        ("  A PURCHASE  may", "A purchase may"),
        ('"no questions" - none', "“No questions” – none"),
    ],
)
def test_spelling_does_not_hide_a_quote(quote: str, text: str) -> None:
    """White space, letter case, marks and dashes; the evidence is the document's own text."""
    assert found(quote) == [("returns.md", text)]


def test_a_quote_that_stands_as_written_is_not_looked_for_in_other_spelling() -> None:
    """`within` is in one document, `Within` in the other."""
    assert found("within 30 days") == [("returns.md", "within 30 days")]


def test_gold_documents_come_first() -> None:
    """There even another spelling will do; what is in none of them is looked for in all others."""
    assert found("within 30 days", "shipping.md") == [("shipping.md", "Within 30 days")]
    assert found("pays for shipping", "returns.md", "gone.md") == [("shipping.md", "pays for shipping")]


def test_every_place_is_an_alternative() -> None:
    """In one document or in several."""
    texts = SearchedTexts([Document("a", "one two one"), Document("b", "two one")])
    assert [(each.document_id, each.start) for each in located_evidence(Quotation(quote="one"), (), texts)] == [
        ("a", 0),
        ("a", 8),
        ("b", 4),
    ]


def test_a_named_document_is_the_only_one() -> None:
    """And its characters may be given instead of a quote."""
    assert found(Quotation(document="shipping.md", quote="within 30 days")) == [("shipping.md", "Within 30 days")]
    assert found(Quotation(document="shipping.md", start=0, end=12)) == [("shipping.md", "The customer")]


def fault(quotation: Quotation, *gold: str, suggesting: bool = True) -> str:
    with pytest.raises(DataError) as raised:
        located_evidence(quotation, gold, SEARCHED, suggesting=suggesting)
    return str(raised.value)


def test_a_quote_that_stands_nowhere_is_answered_with_the_nearest_passage() -> None:
    """Of its document, of the gold documents, or of all."""
    quote = "A purchase may be sent back within 30 days"
    near = "(did you mean 'A purchase may be returned within 30 days' in 'returns.md'?)"
    assert fault(Quotation(quote=quote)) == f"{quote!r} is in no document {near}"
    assert fault(Quotation(document="returns.md", quote=quote)) == f"{quote!r} is not in 'returns.md' {near}"
    assert fault(Quotation(document="shipping.md", quote=quote)) == f"{quote!r} is not in 'shipping.md'"
    assert fault(Quotation(quote=quote), suggesting=False) == f"{quote!r} is in no document"


def test_a_missing_document_is_named_with_the_nearest() -> None:
    """A misspelt path."""
    expected = "its document 'return.md' is missing (did you mean 'returns.md'?)"
    assert fault(Quotation(document="return.md", quote="purchase")) == expected


@pytest.mark.parametrize(("start", "end"), [(5, 5), (7, 3), (-1, 4), (0, len(SHIPPING) + 1)])
def test_characters_must_be_in_the_document(start: int, end: int) -> None:
    """The message says how many it has."""
    message = fault(Quotation(document="shipping.md", start=start, end=end))
    assert message.startswith(f"0 <= start < end <= {len(SHIPPING)}")
    assert message.endswith(f"given: {start} and {end}")


def test_white_space_is_no_evidence() -> None:
    """There is nothing to be found."""
    assert "white space" in fault(Quotation(document="returns.md", start=9, end=10))


def test_a_quote_that_stands_everywhere_says_nothing() -> None:
    """It would be found by any passage."""
    texts = SearchedTexts([Document("a", "e " * MOST_PLACES), Document("b", "e e")])
    assert len(located_evidence(Quotation(document="a", quote="e"), (), texts)) == MOST_PLACES
    with pytest.raises(DataError, match=f"'e' stands at more than {MOST_PLACES} places"):
        located_evidence(Quotation(quote="e"), (), texts)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"quote": " "},
        {"document": "a"},
        {"start": 1, "end": 2},
        {"document": "a", "start": 1},
        {"document": "a", "quote": "b", "start": 1, "end": 2},
        {"quote": "b", "start": 1},
    ],
)
def test_evidence_is_words_or_a_place(given: dict[str, object]) -> None:
    """Neither is too little, and both is one too many."""
    with pytest.raises(ValidationError, match="evidence is a quote, or has"):
        Quotation.model_validate(given)


def test_a_misspelt_name_is_answered_with_the_nearest() -> None:
    """It is not passed over: the quote would be looked for elsewhere."""
    with pytest.raises(ValidationError, match="'documnet' is not read; did you mean 'document'"):
        Quotation.model_validate({"documnet": "a.md", "quote": "b"})


def test_null_is_as_good_as_not_given() -> None:
    """As in all records."""
    assert Quotation.model_validate({"document": None, "quote": "b", "start": None}) == Quotation(quote="b")


@given(st.text(min_size=1).filter(str.strip), st.text(), st.text())
def test_whatever_stands_in_a_document_is_found_there(quote: str, before: str, behind: str) -> None:
    """In any script; the place holds the quote, as it is written or folded."""
    texts = SearchedTexts([Document("d", before + quote + behind)])
    try:
        evidence = located_evidence(Quotation(quote=quote), (), texts)
    except DataError as error:
        assert "more than" in str(error)
    else:
        assert all(texts.texts["d"][each.start :].startswith(each.text) for each in evidence)
        assert any(each.text == quote.strip() for each in evidence)


def test_a_long_quote_is_shown_where_it_differs_from_what_was_meant() -> None:
    """Not the hundred characters in which both are alike."""
    start = (
        "A purchase may be returned to the shop in which it was made, or sent to our house at your own cost, in its "
    )
    text = f"{start}box, within 30 days of delivery. It must not have been used by anyone for any purpose."
    quotation = Quotation(quote=text.replace("30", "14"))
    with pytest.raises(DataError) as raised:
        located_evidence(quotation, [], SearchedTexts([Document("terms.md", text)]))
    given, meant = str(raised.value).split(" is in no document (did you mean ")
    assert given.startswith("'… ") and "within 14 days of delivery" in given
    assert meant.startswith("'… ") and "within 30 days of delivery" in meant
