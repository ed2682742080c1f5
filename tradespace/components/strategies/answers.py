"""From what a model wrote to an answer, with how sure the model was."""

from __future__ import annotations

import math

from tradespace.types import Answer, Completion

ANSWER = "answer:"


def answer_in(text: str) -> str:
    """What follows the last `answer:`; empty where there is none.

    >>> answer_in("the mayor is x . answer: y ? no . answer: x")
    'x'
    """
    _, found, after = text.rpartition(ANSWER)
    return after.strip() if found else ""


def answered(text: str, completion: Completion) -> Answer:
    """An answer found in a completion: its score is the log-probability per token, 0 where the model does not tell."""
    return Answer(text, completion.mean_log_probability or 0.0, confidence=probability(completion))


def is_known(text: str) -> bool:
    """Whether an answer says anything: it is not empty, and not one of the ways to say that nobody knows."""
    return text.strip(" .!").casefold() not in {"", "unknown", "none", "i don't know", "i do not know", "n/a"}


def probability(completion: Completion) -> float | None:
    """The geometric mean of the probabilities of a completion's tokens; None where the model does not tell."""
    mean = completion.mean_log_probability
    return None if mean is None else math.exp(min(0.0, mean))
