"""What completions and answers say, and how sure the model was."""

from __future__ import annotations

import math

from tradespace.components.answers.base import after_marker
from tradespace.types import Completion

WAYS_TO_SAY_NOTHING = frozenset(("", "unknown", "none", "not known", "i don't know", "i do not know", "n/a"))
"""Ways to say nothing."""


def is_cut_off(completion: Completion) -> bool:
    """Whether a completion was cut off before it said `answer:`."""
    return completion.finish_reason == "length" and after_marker(completion.text) is None


def is_known(text: str) -> bool:
    """Whether an answer says anything."""
    return text.strip(" .!").casefold() not in WAYS_TO_SAY_NOTHING


def probability(completion: Completion) -> float | None:
    """The geometric mean of the probabilities of a completion's tokens; None where the model does not tell."""
    mean = completion.mean_log_probability
    return None if mean is None else math.exp(min(0.0, mean))
