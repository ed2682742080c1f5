"""Letters of multiple-choice questions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import ClassVar

from tradespace.components.answers.base import JsonSchema, after_marker
from tradespace.components.answers.number import NUMBER

LETTERS = "ABCDEFGHIJ"
"""What options are called."""

_LEADING = re.compile(r"\W{0,3}(?:option\s+|choice\s+)?\(?([A-J])\b(?!')", re.IGNORECASE)
_LISTED = re.compile(r"(?<!\w)\(?([A-J])\)|\b(?:option|choice)\s+([A-J])\b")


class ChoiceForm:
    """The letter after the last marker, or one that the text begins with, or else the last one written like `B)`."""

    schema: ClassVar[JsonSchema | None] = {
        "type": "string",
        "enum": list(LETTERS),
        "description": "the letter of the right option",
    }

    def extract(self, text: str) -> str:
        marked = after_marker(text)
        for place in (marked, text):
            if place is not None and (match := _LEADING.match(place)) and _is_letter(place, match):
                return match.group(1).upper()
        listed = [first or second for first, second in _LISTED.findall(text)]
        return listed[-1].upper() if listed else ""

    def same(self, left: str, right: str) -> bool:
        return left.upper() == right.upper()


def _is_letter(text: str, match: re.Match[str]) -> bool:
    """Whether a letter stands for itself: `A)`, `B.`, `C` alone; not the `A` of `A train` or the `I` of `I think`."""
    rest = text[match.end() :]
    return not rest.strip() or rest[0] in ").:,;*]}\"'" or (match.group(1) not in "AIai" and match.group(1).isupper())


def nearest_option(value: str, options: Sequence[str]) -> str:
    """The letter of the option whose number is nearest to a result; empty where no option has a number.

    What a program of thought computes is a number, and rarely written as the options write it (Chen et al. 2022,
    "Program of Thoughts Prompting", ask a model for the nearest; see their appendix).

    >>> nearest_option("78.21", ["A)$61", "B)$65", "E)$78.20"])
    'E'
    """
    known = [(option[:1], NUMBER.extract(option[2:])) for option in options]
    distances = [(abs(Fraction(number) - Fraction(value)), letter) for letter, number in known if number]
    return min(distances, key=lambda pair: pair[0])[1] if distances else ""


CHOICE = ChoiceForm()
