"""Replies are read in the form that was asked for, and in no other."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.data.generation.written import GeneratedType, WrittenQuestion
from tradespace.explorer.generating.fates import Fate
from tradespace.explorer.generating.sources import Assignment, SourcePassage
from tradespace.explorer.generating.writing_prompts import WRITER_ROLE, messages_for, question_in
from tradespace.types import Document, Passage

TEXT = "The Heron was built by Nora Berg. It has 12 rooms."
SOURCE = SourcePassage.of(Passage("a", "a", TEXT), {"a": Document("a", TEXT, "Heron")})
FACT = Assignment(GeneratedType.FACT, (SOURCE,))
GOOD = {"sentence": 1, "question": "Who built the Heron?", "answer": "Nora Berg"}
READ = WrittenQuestion("Who built the Heron?", "Nora Berg", (0,))


@pytest.mark.parametrize(
    "reply",
    [
        json.dumps(GOOD),
        f"Here it is:\n```json\n{json.dumps(GOOD, indent=1)}\n```\nAnything else?",
        json.dumps(GOOD | {"sentence": "[1]"}),
        json.dumps(GOOD | {"because": "it says so"}),
        json.dumps(GOOD | {"question": "  Who built\nthe Heron? "}),
    ],
)
def test_a_reply_in_the_form_is_read(reply: str) -> None:
    """Alone or with words around it; a number as text, fields too many, and white space do no harm."""
    assert question_in(reply, FACT) == READ


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "Who built the Heron? Nora Berg.",
        "{",
        "[1, 2]",
        '"{"',
        json.dumps(GOOD)[:-5],
        json.dumps({"question": "Who built the Heron?", "answer": "Nora Berg"}),
        *(json.dumps(GOOD | {"sentence": number}) for number in (0, 3, -1, 1.5, True, None, "one", "9" * 5000)),
        *(json.dumps(GOOD | {"answer": answer}) for answer in ("", None, [], ["Nora Berg"], {"a": 1})),
        json.dumps(GOOD | {"question": ""}),
        "{" * 100_000,
    ],
    ids=lambda reply: repr(reply[:24]),
)
def test_any_other_reply_holds_no_question(reply: str) -> None:
    """It is counted as one, and nothing is made of it."""
    assert question_in(reply, FACT) is Fate.UNREADABLE


@given(st.text(max_size=80))
def test_no_reply_is_too_odd(reply: str) -> None:
    """Whatever a model writes, it is a question with a sentence of the passage, or none."""
    result = question_in(reply, FACT)
    assert result is Fate.UNREADABLE or isinstance(result, WrittenQuestion)


def test_an_answer_may_be_a_number() -> None:
    """As models write them in JSON."""
    number = Assignment(GeneratedType.NUMBER, (SOURCE,))
    read = question_in(json.dumps({"sentence": 2, "question": "How many rooms has it?", "answer": 12}), number)
    assert read == WrittenQuestion("How many rooms has it?", "12", (1,))


def test_the_role_forbids_what_would_spoil_a_question() -> None:
    """That it speaks of its passage, and that the passage gives orders."""
    (system, user) = messages_for(FACT)
    assert (system.role, system.content) == ("system", WRITER_ROLE)
    assert "no instructions" in WRITER_ROLE
    assert TEXT.split(". ", maxsplit=1)[0] in user.content
