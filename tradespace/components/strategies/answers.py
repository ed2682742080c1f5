"""From completions to answers, with how sure the model was."""

from __future__ import annotations

import math

from tradespace.components.answers import Form, extract
from tradespace.components.answers.base import after_marker
from tradespace.types import Answer, Completion

WAYS_TO_SAY_NOTHING = frozenset(("", "unknown", "none", "not known", "i don't know", "i do not know", "n/a"))
"""Ways to say nothing."""


def conclusion(completion: Completion, form: Form = "span") -> str:
    """The answer that a completion comes to; empty where it was cut off before it said `answer:`.

    >>> conclusion(Completion("the mayor is x. answer: y? no. answer: x", 9, 9))
    'x'
    """
    cut_off = completion.finish_reason == "length" and after_marker(completion.text) is None
    return "" if cut_off else extract(completion.text, form)


def answered(text: str, completion: Completion) -> Answer:
    """An answer found in a completion: its score is the log-probability per token, 0 where the model does not tell."""
    return Answer(text, completion.mean_log_probability or 0.0, confidence=probability(completion))


def is_known(text: str) -> bool:
    """Whether an answer says anything."""
    return text.strip(" .!").casefold() not in WAYS_TO_SAY_NOTHING


def probability(completion: Completion) -> float | None:
    """The geometric mean of the probabilities of a completion's tokens; None where the model does not tell."""
    mean = completion.mean_log_probability
    return None if mean is None else math.exp(min(0.0, mean))
