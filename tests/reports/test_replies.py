"""What was cut off and what was no answer is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tradespace.explorer.results import Replies, Results
from tradespace.reports import render_report
from tradespace.reports.replies import all_replies, reply_sentences

Make = Callable[..., Results]


def replied(results: Results, *replies: Replies) -> Results:
    """Results whose first pipelines were replied to like this."""
    explored = list(results.explored)
    explored[: len(replies)] = [
        replace(evaluation, replies=two) for evaluation, two in zip(explored, replies, strict=False)
    ]
    return replace(results, explored=tuple(explored))


def test_what_was_cut_off_is_counted(make_results: Make) -> None:
    """With the pipeline that suffers most, and what to do."""
    results = replied(make_results(), Replies(100, 2), Replies(100, 8))
    assert all_replies(results) == Replies(200, 10)
    (sentence,) = reply_sentences(results)
    assert sentence.startswith("10 of 200 completions that the pipelines read were cut off at `max_tokens`")
    assert f"8 of 100, in {results.explored[1].pipeline}." in sentence


def test_what_was_no_answer_is_counted(make_results: Make) -> None:
    """Questions, each once for each pipeline."""
    (sentence,) = reply_sentences(replied(make_results(), Replies(9, 0, 1), Replies(8, 0, 2)))
    assert sentence.startswith("On 3 questions of 2 pipelines a model's reply was no answer")


def test_the_page_says_it(make_results: Make) -> None:
    """Where there is anything to say."""
    results = make_results()
    assert reply_sentences(results) == ()
    assert "were cut off at" not in render_report(results)
    assert "3 of 9 completions that" in render_report(replied(results, Replies(9, 3)))
