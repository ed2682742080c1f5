"""Questions made by rule from sentences."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.reader.cloze import Noise, clozes
from training.reader.corpora import Passage

QUIET = Noise({}, drop_function=0, drop_content=0, replace=0, weaken=0)
PASSAGE = Passage(
    "Kestrel Bridge",
    "Kestrel Bridge\nThe Kestrel Bridge was opened in 1932 by the engineer Maria Lund. It is 240 metres long and "
    "crosses the river Aare near Bern. About 40% of the traffic is local.",
)


def _questions(answer: str, tries: int = 60) -> set[str]:
    asked = set()
    for seed in range(tries):
        for cloze in clozes(PASSAGE, QUIET, random.Random(seed)):
            if PASSAGE.text[cloze.start : cloze.end] == answer:
                asked.add(cloze.question.removesuffix("?"))
    return asked


@pytest.mark.parametrize(
    ("answer", "opening"),
    [
        ("1932", "when"),
        ("Maria Lund", "who"),
        ("240", "how many metres"),
        ("40%", "what percentage"),
        ("Bern", "where"),
    ],
)
def test_question_word_fits_the_answer(answer: str, opening: str) -> None:
    """Years are asked for with when, persons with who, counted things with how many, shares with what percentage."""
    assert any(opening in question for question in _questions(answer))


def test_auxiliary_moves_behind_the_question_word() -> None:
    """A clause with an auxiliary verb becomes a question in question order."""
    assert any(
        q.startswith(("when was the kestrel bridge opened", "what year was the kestrel bridge opened"))
        for q in _questions("1932")
    )


def test_pronoun_is_replaced_by_the_title() -> None:
    """A sentence about "it" asks about the page's title."""
    assert any("kestrel bridge is" in question or "is kestrel bridge" in question for question in _questions("240"))


@settings(max_examples=60)
@given(st.text(alphabet="ABab 12.,()%$-\n", max_size=120), st.integers(0, 99))
def test_answers_stand_in_the_passage(text: str, seed: int) -> None:
    """Whatever the text, answers are non-empty parts of it below the title line, and made the same by the same seed."""
    passage = Passage("A", text)
    made = list(clozes(passage, QUIET, random.Random(seed)))
    assert made == list(clozes(passage, QUIET, random.Random(seed)))
    for cloze in made:
        assert text.find("\n") < cloze.start < cloze.end <= len(text)


def test_neighbours_replace_words() -> None:
    """With a high chance of replacement the question uses a word's neighbours."""
    noise = Noise({"opened": ["inaugurated"]}, drop_function=0, drop_content=0, replace=1.0, weaken=0)
    asked = [cloze.question for seed in range(30) for cloze in clozes(PASSAGE, noise, random.Random(seed))]
    assert any("inaugurated" in question for question in asked)
