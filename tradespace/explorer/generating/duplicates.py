"""Questions that ask again what was asked, told by the pieces of their texts.

The resemblance of two texts is the share of their pieces that both have (Broder 1997, "On the Resemblance and
Containment of Documents"); of questions all pieces are compared, not a sample of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

PIECE_LENGTH = 4
ALIKE = 0.7
"""Resemblance from which two questions are taken for one."""


def resemblance(left: frozenset[str], right: frozenset[str]) -> float:
    """The share of pieces that both texts have, from 0 to 1.

    >>> round(resemblance(text_pieces("When was it built?"), text_pieces("When was it built, and why?")), 2)
    0.64
    """
    return len(left & right) / len(left | right) if left and right else 0.0


def text_pieces(text: str) -> frozenset[str]:
    """All runs of four characters of a text, letter case, punctuation and the length of spaces aside."""
    plain = re.sub(r"\W+", " ", text.casefold()).strip()
    return frozenset(plain[start : start + PIECE_LENGTH] for start in range(max(1, len(plain) - PIECE_LENGTH + 1)))


@dataclass
class AskedQuestions:
    """Questions that were asked, to tell those that ask the same: in nearly the same words, or the same answer of the
    same sentence."""

    _pieces: list[frozenset[str]] = field(default_factory=list)
    _facts: set[object] = field(default_factory=set)

    def knows(self, text: str, fact: object = None) -> bool:
        """Whether the question was asked. `fact` is the answer with the place that it stands in; None for none."""
        own = text_pieces(text)
        return fact in self._facts or any(resemblance(own, other) >= ALIKE for other in self._pieces)

    def add(self, text: str, fact: object = None) -> None:
        """Remember a question."""
        self._pieces.append(text_pieces(text))
        if fact is not None:
            self._facts.add(fact)
