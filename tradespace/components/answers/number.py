"""Numbers: of word problems, of programs' results."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import ClassVar

from tradespace.components.answers.base import JsonSchema, after_marker

_SIGN = r"(?:(?<![\d)%] )(?<![\w)%])[-−–]\s?)?"
"""A minus between two numbers, as in `9 - 7`, is no sign."""
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+|(?<=\d))(?:[eE][-+]?\d{1,3})?"
_NUMBER = re.compile(rf"(?<![\w.])({_SIGN}\$?\s?{_DIGITS})(?:\s?/\s?(\d+)(?![\d.]))?")


class NumberForm:
    """The number after the last marker, or else the last number of the text: word problems end with what they ask for.

    Where an equation follows the marker, its right side counts: `12 * 0.75 = 9` is 9. Written as a decimal where that
    is exact, otherwise as a fraction; dollars, per cent, units and thousands' commas are left out.
    """

    schema: ClassVar[JsonSchema | None] = {"type": "number", "description": "a number without its unit"}

    def extract(self, text: str) -> str:
        marked = after_marker(text)
        numbers = _numbers(marked.rpartition("=")[2].strip() or marked)[:1] if marked else []
        numbers = numbers or _numbers(text)[-1:]
        return normal_form(numbers[0]) if numbers else ""

    def same(self, left: str, right: str) -> bool:
        return Fraction(left) == Fraction(right)


def normal_form(value: Fraction) -> str:
    """The normal form of a number.

    >>> normal_form(Fraction("18.50")), normal_form(Fraction(1, 3))
    ('18.5', '1/3')
    """
    places = next((n for n in range(13) if (value * 10**n).denominator == 1), None)
    if places is None:
        return str(value)
    sign = "-" if value < 0 else ""
    digits = str(abs(value.numerator * 10**places // value.denominator)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def _numbers(text: str) -> list[Fraction]:
    return [number for top, bottom in _NUMBER.findall(text) if (number := _number(top, bottom)) is not None]


def _number(top: str, bottom: str) -> Fraction | None:
    plain = re.sub(r"[,$\s]", "", top).replace("−", "-").replace("–", "-")
    try:
        return Fraction(plain) / Fraction(bottom or 1)
    except (ValueError, ZeroDivisionError):
        return None


NUMBER = NumberForm()
