"""Texts that differ in spelling alone are the same when they are folded, and places in them are known."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.folding import fold_places, folded

ALIKE = [
    ("“Rollo”", '"rollo"'),
    ("‘Rollo’ «Rollo» „Rollo‟", "'Rollo''Rollo''Rollo'"),
    ("1939–1945", "1939-1945"),
    ("a − b — c", "a-b-c"),
    ("within\n  30\u00a0days", "within 30 days"),
    ("ﬁnd the ﬂag", "find the flag"),
    ("co\u00adoperate", "cooperate"),
    ("Straße", "STRASSE"),
    ("Ogród", unicodedata.normalize("NFD", "Ogród")),
    ("ＡＢＣ", "abc"),
    ("北京\n大学", "北京大学"),
    ("wait…", "wait..."),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_spelling_does_not_count(one: str, other: str) -> None:
    """White space, letter case, quotation marks, dashes, ligatures, width, and how accents are written."""
    assert folded(one) == folded(other)


@pytest.mark.parametrize(("one", "other"), [("is", "is not"), ("10.5", "105"), ("é", "e"), ("x", "y")])
def test_words_and_figures_count(one: str, other: str) -> None:
    """What changes the meaning is no spelling."""
    assert folded(one) != folded(other)


@given(st.text())
def test_every_folded_character_has_its_place(text: str) -> None:
    """The character at the place folds to something that holds it; places ascend."""
    fold, places = folded(text), fold_places(text)
    assert len(fold) == len(places)
    assert places == sorted(places)
    assert all(character in folded(text[place]) for character, place in zip(fold, places, strict=True))


@given(st.text(), st.text())
def test_a_text_is_folded_character_by_character(first: str, second: str) -> None:
    """So that a part of a text folds to a part of the whole."""
    assert folded(first + second) == folded(first) + folded(second)
