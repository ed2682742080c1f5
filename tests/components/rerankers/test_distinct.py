"""Duplicates are left out."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tradespace.components.base import ranking_of
from tradespace.components.corpus import Corpus
from tradespace.components.rerankers.distinct import Distinct
from tradespace.components.store import ArtefactStore
from tradespace.segmentation import search_terms
from tradespace.testing.running import run_one
from tradespace.types import Passage, Request

EMPTY = Corpus((), ArtefactStore(Path()))


def kept(texts: list[str], likeness: float) -> list[str]:
    """The texts of those that go on."""
    passages = tuple(Passage(str(place), str(place), text) for place, text in enumerate(texts))
    outcome = run_one(Distinct(likeness=likeness), EMPTY, Request("Who?", passages))
    return [scored.passage.text for scored in ranking_of(outcome)]


def test_the_same_words_are_one_passage() -> None:
    """Case, marks and order of words do not count; another word does."""
    texts = ["The cat sat.", "the CAT sat!", "sat the cat", "The cat sat down."]
    assert kept(texts, 1) == ["The cat sat.", "The cat sat down."]


def test_nearly_the_same_words_are_one_where_that_is_said() -> None:
    """Three of four words are shared: a likeness of 0.75."""
    texts = ["The cat sat.", "The cat sat down."]
    assert kept(texts, 0.75) == texts[:1]
    assert kept(texts, 0.76) == texts


def test_texts_without_words_are_told_apart_by_their_characters() -> None:
    """Two of them share nothing that could be compared, unless they are the same."""
    assert kept(["!!!", "???", "!!!"], 0.05) == ["!!!", "???"]


@given(
    st.lists(st.lists(st.sampled_from(["cat", "sat", "dog", "mat"])).map(" ".join), max_size=8),
    st.sampled_from([0.25, 0.5, 0.8, 1.0]),
)
def test_each_is_unlike_all_that_went_on_before(texts: list[str], likeness: float) -> None:
    """By the Jaccard index, in loops."""
    expected: list[str] = []
    for text in texts:
        one = set(search_terms(text))
        others = [set(search_terms(other)) for other in expected]
        if text not in expected and not any(
            one and other and len(one & other) >= likeness * len(one | other) for other in others
        ):
            expected.append(text)
    assert kept(texts, likeness) == expected
