"""Questions keep the order of words of a plain clause, but for what goes to the front."""

from __future__ import annotations

import pytest

from tradespace.data.generation.clauses import asked_clauses


def asked(sentence: str, title: str = "Heron") -> dict[str, str]:
    """The questions about a sentence, with their answers."""
    return {question.text: question.answer for question in asked_clauses(sentence, title)}


@pytest.mark.parametrize(
    ("sentence", "question", "answer"),
    [
        ("The bridge was opened in 1932 by Maria Lund.", "When was the bridge opened by Maria Lund", "1932"),
        ("The bridge was opened in 1932 by Maria Lund.", "By whom was the bridge opened in 1932", "Maria Lund"),
        ("The bridge was built by the Aare Company.", "By what was the bridge built", "Aare Company"),
        ("In 1932, the bridge was opened to traffic.", "When was the bridge opened to traffic", "1932"),
        ("Rollo was buried in Rouen.", "Where was Rollo buried", "Rouen"),
        ("The Heron is 240 metres long and crosses it.", "How many metres long is the Heron", "240"),
        ("The fire was seen by 12,000 people in 1871.", "By how many people was the fire seen in 1871", "12,000"),
        ("About 40% of the traffic is local.", "What percentage of the traffic is local", "40%"),
        ("Later, 12 people were hurt in the fire.", "How many people were hurt in the fire", "12"),
        ("Maria Lund opened the bridge in 1932.", "Who opened the bridge in 1932", "Maria Lund"),
        ("Oxygen was found by a Swedish chemist.", "Who or what was found by a Swedish chemist", "Oxygen"),
        ("The Kestrel Bridge has a toll house.", "What has a toll house", "Kestrel Bridge"),
        ("It was built in 1814.", "When was Heron built", "1814"),
    ],
)
def test_a_plain_clause_is_asked_about(sentence: str, question: str, answer: str) -> None:
    """For dates, doers, places, numbers, shares and subjects."""
    assert asked(sentence).get(question) == answer, asked(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "It was built in 1814.",
        "This was built in 1814.",
        "While the bridge was built in 1814.",
        "built in 1814",
        "When was it built?",
        "",
        "word " * 2000,
        "A. " * 2000,
    ],
)
def test_what_has_no_such_shape_is_left_alone(sentence: str) -> None:
    """A subject that points elsewhere (here there is no title), a subordinate clause, a fragment; in no time."""
    assert asked(sentence, title="") == {}
