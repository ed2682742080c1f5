from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from pydantic import Field

from tradespace.evals.measures.base import AnswerMeasure, Measure
from tradespace.evals.measures.configured import ConfiguredMeasure
from tradespace.segmentation import text_words

_Words = tuple[str, ...]


class RougeL(ConfiguredMeasure):
    """ROUGE-L: how many words of the answer and of an accepted one stand in the same order in both.

    The longest common subsequence of words, as a share of the accepted answer's words (recall) and of the answer's
    (precision), put together as their F; of several accepted answers the one counts that fits best. It sees the order
    of words, not their meaning: a paraphrase scores low, and a negation costs one word. Words are compared in lower
    case, without punctuation and unstemmed. Where the accepted answer or the given one has no words, the score is 1 if
    neither has any, else 0.

    Lin 2004, "ROUGE: A Package for Automatic Evaluation of Summaries".
    """

    name: ClassVar[str] = "rouge_l"

    beta: float = Field(
        default=1.0,
        ge=0,
        le=1000,
        description="how much recall counts beside precision: at 1 both alike, at 0 precision alone; a large number "
        "leaves recall alone, which does not punish what else is said",
    )

    def measure(self, name: str) -> Measure:
        return SubsequenceMeasure(name, self.beta)


@dataclass(frozen=True)
class SubsequenceMeasure(AnswerMeasure):
    """The F of the longest common subsequence of words, against the accepted answer that fits best."""

    beta: float

    def grade(self, answer: str, accepted: Sequence[str]) -> float:
        words = _words(answer)
        references = [reference for each in accepted if (reference := _words(each))] or [()]
        return max(self._f(words, reference) for reference in references)

    def _f(self, words: _Words, reference: _Words) -> float:
        if not words or not reference:
            return float(words == reference)
        # With p = common/words and r = common/reference, (1 + beta^2) p r / (r + beta^2 p) is this.
        square = self.beta**2
        return (1 + square) * common_subsequence(words, reference) / (len(words) + square * len(reference))


def common_subsequence(words: Sequence[str], others: Sequence[str]) -> int:
    """The length of the longest common subsequence.

    A row of the usual table is one number, whose bits say where the row does not grow: Hyyrö 2004, "Bit-Parallel
    LCS-length Computation Revisited".

    >>> common_subsequence("police killed the gunman".split(), "the gunman police killed".split())
    2
    """
    places: defaultdict[str, int] = defaultdict(int)
    for place, word in enumerate(others):
        places[word] |= 1 << place
    every = (1 << len(others)) - 1
    row = every
    for word in words:
        matched = row & places.get(word, 0)
        row = ((row + matched) | (row - matched)) & every
    return len(others) - row.bit_count()


@lru_cache(maxsize=2**14)
def _words(text: str) -> _Words:
    """The same few accepted answers are compared with those of every pipeline."""
    return text_words(text)
