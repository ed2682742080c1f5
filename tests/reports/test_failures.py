"""What went wrong, one line for each cause."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tradespace.explorer.results import QuestionSet, Results
from tradespace.reports.failures import failure_kind, troubles

Make = Callable[..., Results]


def test_troubles_are_grouped(make_results: Make) -> None:
    """Failures are grouped by message and split, the most frequent first, with how many pipelines they hit."""
    results: Results = make_results()
    one, two = (
        replace(evaluation, failures={0: "timed out", place: "empty answer"})
        for place, evaluation in enumerate(results.explored[:2], start=1)
    )
    third = replace(results.confirmed[0], failures={3: "timed out"})
    found = troubles(replace(results, explored=(one, replace(two, failures={0: "timed out"})), confirmed=(third,)))
    assert [(t.message, t.question_set, t.pipelines, t.questions) for t in found] == [
        ("timed out", QuestionSet.EXPLORE, 2, 2),
        ("empty answer", QuestionSet.EXPLORE, 1, 1),
        ("timed out", QuestionSet.CONFIRM, 1, 1),
    ]
    assert found[0].example == one.pipeline


def test_messages_that_differ_in_numbers_are_one_trouble(make_results: Make) -> None:
    """Whichever numbers: tokens, lengths, times, with separators. The first message stands for the others."""
    results: Results = make_results()
    failures = {
        place: f"generate: {5000 + place:,} tokens, but at most 4096 are read ({place}.5 s)" for place in range(9)
    }
    one, two = (replace(evaluation, failures=failures) for evaluation in results.explored[:2])
    other = replace(results.explored[2], failures={0: "generate: no tokens are read"})
    found = troubles(replace(results, explored=(other, one, two), confirmed=()))
    assert [(t.message, t.questions, t.pipelines, t.messages) for t in found] == [
        ("generate: 5,000 tokens, but at most 4096 are read (0.5 s)", 18, 2, 9),
        ("generate: no tokens are read", 1, 1, 1),
    ]


@pytest.mark.parametrize(
    ("one", "other"), [("HTTP 429 after 12.5 s", "HTTP 503 after 1,000 s"), ("at 12:30:01", "at 9:05"), ("x1", "x22")]
)
def test_kinds_do_not_know_numbers(one: str, other: str) -> None:
    """All digits of a number are one place, its separators included; words are not."""
    assert failure_kind(one) == failure_kind(other) != failure_kind(f"{other} more")
