"""Questions by rule stand for themselves, and their answers in their sentences."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradespace.data.generation.answer_candidates import answer_candidates
from tradespace.data.generation.rules import ASKED_FOR, question_by_rule
from tradespace.data.generation.written import GeneratedType, WrittenQuestion

SENTENCES = (
    "The Kestrel Bridge was opened in 1932 by Maria Lund.",
    "It is 240 metres long and crosses the river Aare near Bern.",
    "About 40% of the traffic on the bridge is local.",
)
TITLE = "Kestrel Bridge"
FOREIGN = ("The Osprey Tunnel was dug in 1871 by the miner Otto Berg.", "It is 1200 metres long.")
FACT, NUMBER, UNANSWERABLE = GeneratedType.FACT, GeneratedType.NUMBER, GeneratedType.UNANSWERABLE


def drawn(question_type: GeneratedType, sentences: Sequence[str] = SENTENCES) -> list[WrittenQuestion]:
    """What is written with many seeds."""
    made = (question_by_rule(question_type, sentences, TITLE, FOREIGN, random.Random(seed)) for seed in range(60))
    return [question for question in made if question]


@pytest.mark.parametrize(
    ("question_type", "answer", "opening"),
    [
        (FACT, "1932", "When was the Kestrel Bridge opened"),
        (FACT, "Maria Lund", "By whom was the Kestrel Bridge opened"),
        (NUMBER, "240", "How many metres"),
        (NUMBER, "40%", "What percentage"),
    ],
)
def test_the_question_word_fits_the_answer(question_type: GeneratedType, answer: str, opening: str) -> None:
    """Years are asked for with when, persons with who, counted things with how many."""
    asked = [question.text for question in drawn(question_type) if question.answer == answer]
    assert any(text.startswith(opening) for text in asked), asked


@pytest.mark.parametrize("question_type", [FACT, NUMBER])
def test_answers_stand_in_the_sentence_that_is_named(question_type: GeneratedType) -> None:
    """And not in the question; which ends as questions do, and points at nothing outside of it."""
    questions = drawn(question_type)
    assert len(questions) > 30
    for question in questions:
        (number,) = question.sentences
        assert question.answer in SENTENCES[number]
        assert question.answer.lower() not in question.text.lower()
        assert question.text[0].isupper()
        assert question.text.endswith("?")
        assert not {"it", "they", "this"} & set(question.text.lower().rstrip("?").split())


def test_an_unanswerable_question_is_about_something_else() -> None:
    """A name, date or number of another passage stands in the place of the passage's own."""
    questions = drawn(UNANSWERABLE)
    assert questions
    for question in questions:
        assert (question.answer, question.sentences) == ("", ())
        foreign = {found.text(sentence) for sentence in FOREIGN for found in answer_candidates(sentence)}
        assert any(text in question.text for text in foreign), question.text


@pytest.mark.parametrize(
    "sentence",
    [
        "| 1932 | Maria Lund | opened the Kestrel Bridge | in Bern |",
        "- opened in 1932 by the engineer Maria Lund in Bern",
        "def opened(year: int = 1932) -> str: return Maria Lund Bern",
        "Opened in 1932.",
        " ".join(["The Kestrel Bridge was opened in 1932 by Maria Lund and"] * 7),
        "凯斯特尔桥于一九三二年由工程师玛丽亚隆德开通。",
        "",
    ],
)
def test_what_is_no_sentence_is_not_asked_about(sentence: str) -> None:
    """Tables, lists, code, fragments, very long ones, and other languages."""
    assert all(not drawn(question_type, [sentence]) for question_type in ASKED_FOR)


def test_headings_above_a_sentence_are_no_part_of_it() -> None:
    """As Markdown has them, and as a title on the first line."""
    for above in ("# Bridges\n", "Kestrel Bridge\n"):
        questions = drawn(FACT, [above + SENTENCES[0]])
        assert questions
        assert not any("#" in question.text or "Bridges" in question.text for question in questions)


@settings(max_examples=80)
@given(
    st.lists(st.text(alphabet="ABab 12.,()%$-\n|#", max_size=80), max_size=4),
    st.sampled_from(sorted(ASKED_FOR)),
    st.integers(0, 99),
)
def test_any_text_gives_a_question_or_none(sentences: list[str], question_type: GeneratedType, seed: int) -> None:
    """The same by the same seed; answers are parts of the text."""
    first, again = (question_by_rule(question_type, sentences, "A", FOREIGN, random.Random(seed)) for _ in range(2))
    assert first == again
    if first and first.sentences:
        assert first.answer in " ".join(sentences[first.sentences[0]].split())
