"""Instructions by ask and tell: what is sent, what is read from replies, and what the best are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradespace.components.prompts.tasks import DIRECT
from tradespace.explorer.preparing.instruction_proposer import MOST_SHOWN, InstructionProposer
from tradespace.search_space.sections import ProposalsSection
from tradespace.types import Completion

SOLVED = (("who sat?", "the cat"), ("who ran?", "a dog"))
TEXTS = st.text(max_size=40) | st.sampled_from(
    ["instruction: Copy it.", "Copy it", "COPY IT!", '"Copy  it."', "a b c d"]
)


def proposer(**settings: Any) -> InstructionProposer:
    """A proposer that was told how the usual instruction did."""
    one = InstructionProposer(ProposalsSection(model="openai:m", **settings), SOLVED)
    one.tell({"": 0.25})
    return one


def reply(text: str) -> Completion:
    """A reply that ends by itself."""
    return Completion(text, 1, 1)


def request_of(one: InstructionProposer) -> str:
    """What the model is asked next."""
    return one.ask()[0].messages[-1].content


def test_what_was_tried_is_shown_worst_first_with_scores() -> None:
    """So a model reads a rising line, whose next point it is to write. An empty instruction is shown as the usual."""
    one = proposer()
    one.tell({"Be quick.": 0.5, "Sing.": 0.125})
    shown = f"12.5: Sing.\n25.0: {DIRECT.goal}\n50.0: Be quick.\n"
    assert shown in request_of(one)


def test_only_the_best_are_shown() -> None:
    """However many were tried, a request stays short."""
    one = proposer()
    one.tell({f"Take {number}.": number / 100 for number in range(30, 60)})
    lines = [line for line in request_of(one).splitlines() if "Take" in line]
    assert len(lines) == MOST_SHOWN
    assert lines[0] == "48.0: Take 48."
    assert lines[-1] == "59.0: Take 59."


def test_solved_questions_are_shown() -> None:
    """They say what the task is."""
    assert "Question: who sat?\nAnswer: the cat\nQuestion: who ran?\nAnswer: a dog" in request_of(proposer())


def test_a_round_asks_for_samples_that_no_round_had() -> None:
    """A round that brought nothing does not get the same replies again."""
    one = proposer(candidates=3, seed=5, temperature=0.5, max_tokens=99)
    first, second = one.ask(), one.ask()
    assert [prompt.sample for prompt in (*first, *second)] == [0, 1, 2, 3, 4, 5]
    assert {replace(prompt, sample=0) for prompt in (*first, *second)} == {first[0]}
    assert (first[0].seed, first[0].temperature, first[0].max_tokens) == (5, 0.5, 99)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("instruction: Copy the answer.", "Copy the answer."),
        ("I think.\nInstruction: no\nINSTRUCTION: Copy\nthe  answer.", "Copy the answer."),
        ("Copy the answer.", "Copy the answer."),
        ('**instruction:** "Copy the answer."', "Copy the answer."),
        ('instruction: `Say "yes" or no.`', 'Say "yes" or no.'),
    ],
)
def test_the_instruction_is_found_in_a_reply(text: str, read: str) -> None:
    """Behind the last mark, or all of the reply; on one line, without the quotation marks around it."""
    assert proposer().read([reply(text)]) == [read]


@pytest.mark.parametrize(
    "text", ["", " \n", "instruction:", 'instruction: ""', "one two three four", DIRECT.goal.upper()]
)
def test_what_cannot_be_tried_is_dropped(text: str) -> None:
    """Nothing, more words than are wanted, and what was tried already, however it is written."""
    assert proposer(most_words=3).read([reply(text)]) == []


def test_a_reply_that_was_cut_off_is_dropped() -> None:
    """Half an instruction is none."""
    assert proposer().read([replace(reply("instruction: Copy the"), finish_reason="length")]) == []


def test_of_equal_scores_the_first_is_better() -> None:
    """What was tried first is kept."""
    one = proposer()
    one.tell({"b": 0.5, "a": 0.5, "c": 0.75})
    assert one.best == ["c", "b", "a", ""]


@given(st.lists(st.lists(TEXTS, max_size=5), max_size=4), st.integers(1, 5))
def test_whatever_is_replied_each_instruction_is_new_and_short(rounds: list[list[str]], most_words: int) -> None:
    """Over all rounds none comes twice but for case and punctuation, none is empty or too long, each is a line."""
    one = proposer(most_words=most_words)
    told: list[str] = []
    for texts in rounds:
        one.ask()
        fresh = one.read(map(reply, texts))
        one.tell(dict.fromkeys(fresh, 0.5))
        told += fresh
    assert all(0 < len(each.split()) <= most_words and len(each.splitlines()) == 1 for each in told)
    assert len({each.casefold().strip(" .!:") for each in told}) == len(told)
    assert set(one.best) == {"", *told}


@given(st.lists(TEXTS, max_size=6))
def test_the_same_replies_lead_to_the_same_requests(texts: list[str]) -> None:
    """That is how a run is continued without a call."""
    asked = []
    for _ in range(2):
        one = proposer()
        one.ask()
        one.tell(dict.fromkeys(one.read(map(reply, texts)), 0.5))
        asked.append(one.ask())
    assert asked[0] == asked[1]
