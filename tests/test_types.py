"""Values that cross the rooms."""

from __future__ import annotations

from tradespace.types import Passage, Request, ScoredPassage

ONE, OTHER = Passage("a", "a", "text"), Passage("b", "b", "more")


def test_a_request_takes_over_passages_without_their_scores() -> None:
    """So that equal passages make equal requests, whoever ranked them."""
    ranked = (ScoredPassage(ONE, 9.0), ScoredPassage(OTHER, 1.0))
    again = (ScoredPassage(ONE, 0.2), ScoredPassage(OTHER, 0.1))
    request = Request("?")
    assert request.with_ranking(ranked) == request.with_ranking(again) == Request("?", (ONE, OTHER))
