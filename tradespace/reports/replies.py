"""How the language models replied: what was cut off, and what was no answer at all."""

from __future__ import annotations

from tradespace.explorer.results import NO_REPLIES, Replies, Results
from tradespace.plurals import count


def reply_sentences(results: Results) -> tuple[str, ...]:
    """What was cut off, and what was no answer, over all pipelines; nothing where there is nothing to tell."""
    total = all_replies(results)
    cut_off = (_cut_off(total, results),) if total.cut_off else ()
    no_answer = (_no_answer(total, results),) if total.no_answer else ()
    return (*cut_off, *no_answer)


def all_replies(results: Results) -> Replies:
    """The replies to all pipelines, explored and confirmed."""
    return sum((evaluation.replies for evaluation in (*results.explored, *results.confirmed)), NO_REPLIES)


def _cut_off(total: Replies, results: Results) -> str:
    evaluations = (*results.explored, *results.confirmed)
    worst = max(evaluations, key=lambda evaluation: evaluation.replies.cut_off)
    return (
        f"{total.cut_off:,} of {count(total.read, 'completion')} that the pipelines read were cut off at `max_tokens`; "
        f"most of them, {worst.replies.cut_off:,} of {worst.replies.read:,}, in {worst.pipeline}. An answer that is "
        "missing for it counts as wrong: a higher `max_tokens` may be worth its time."
    )


def _no_answer(total: Replies, results: Results) -> str:
    evaluations = (*results.explored, *results.confirmed)
    pipelines = len({evaluation.pipeline for evaluation in evaluations if evaluation.replies.no_answer})
    return (
        f"On {count(total.no_answer, 'question')} of {count(pipelines, 'pipeline')} a model's reply was no answer: it "
        "was empty, a refusal, or cut off while the model was still thinking. These count as failed."
    )
