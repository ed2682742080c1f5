"""Templates with blanks of any kind: filled in, and checked beforehand; see also `test_template.py`."""

from __future__ import annotations

import pytest

from tradespace.components.prompts.sandboxed import names_in, problem_in, rendered, shown_passages
from tradespace.errors import ComponentError
from tradespace.types import Passage

SAMPLES = [
    ("", {"claim": "claim", "words": ("a", "b")}),
    (" where there are no words", {"claim": "claim", "words": ()}),
]


def test_blanks_are_those_of_the_samples() -> None:
    """Whatever they are called; others are named with their line, and what was meant."""
    assert problem_in("{{ claim }} {% for word in words %}{{ word }}{% endfor %}", SAMPLES) is None
    assert (
        problem_in("\n{{ clam }}", SAMPLES) == "line 2: 'clam' is not known; did you mean 'claim'? Valid: claim, words"
    )


def test_every_case_is_tried() -> None:
    """What fails in one of them is said with it."""
    assert problem_in("{{ claim }} {{ words[0].upper() }}", SAMPLES[:1]) is None
    assert (problem_in("{{ words[0].upper() }}", SAMPLES) or "").startswith("line 1 fails where there are no words: ")


def test_what_is_filled_in_is_not_read_as_a_template() -> None:
    """An answer with braces stays text, and so does markup."""
    hostile = "{{ 7 * 7 }}{% raw %}<b>"
    assert rendered(" {{ claim }}\n", {"claim": hostile}) == hostile
    assert names_in("{{ claim }}{% set mine = 1 %}{{ mine }}") == {"claim"}


def test_the_sandbox_holds() -> None:
    """No way out of what is shown, whatever it is."""
    with pytest.raises(ComponentError, match="the prompt's template fails in line 1"):
        rendered("{{ claim.__class__.__mro__[1].__subclasses__() }}", {"claim": "text"})


def test_passages_are_shown_by_number_and_document() -> None:
    """Those of no known document have no title."""
    first, second = shown_passages([Passage("1", "zoo", "A cat."), Passage("2", "foreign#7", "A dog.")])
    assert (first.number, first.title, first.text) == (1, "zoo", "A cat.")
    assert (second.number, second.title) == (2, "")
