"""A table as it was read: texts in named columns, with the place of every row; and what its cells mean."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tradespace.errors import InputError, nearest

FILE_COLUMN = "file"
"""The column that says which of several files a row is from."""
MISSING_TEXTS = frozenset({"", "na", "n/a", "nan", "nil", "none", "null", "-", "–"})
"""What tools write where there is no value, in lower case."""
VERDICTS: Mapping[str, float] = {"true": 1.0, "false": 0.0, "pass": 1.0, "fail": 0.0, "yes": 1.0, "no": 0.0}
"""Words that are read as 1 and 0 where a number is expected, in lower case."""

SettingValue = str | int | float | bool | None


@dataclass(frozen=True)
class TextTable:
    """Columns of texts by name, all of one length.

    Attributes:
        name: of the file, for people.
        places: where each row stands, as `path:line`.
    """

    name: str
    columns: Mapping[str, Sequence[str]]
    places: Sequence[str]

    def __len__(self) -> int:
        return len(self.places)

    def column(self, name: str, option: str = "") -> Sequence[str]:
        """The cells of a column.

        Args:
            name: of the column.
            option: how it was asked for, to begin the message with where there is none.

        Raises:
            InputError: there is none of that name.
        """
        if name not in self.columns:
            asked = f"{option}: " if option else ""
            raise InputError(f"{asked}{self.name} has no column {name!r}; {nearest(name, list(self.columns))}")
        return self.columns[name]


def is_missing(cell: str) -> bool:
    """Whether a cell stands for no value."""
    return cell.strip().lower() in MISSING_TEXTS


def number_in(cell: str) -> float | None:
    """The number that a cell holds, or 1 and 0 for words such as `PASS` and `false`; NaN where it is missing, None
    where it holds something else.

    >>> number_in("0.25"), number_in("FAIL"), number_in("a few")
    (0.25, 0.0, None)
    """
    if is_missing(cell):
        return math.nan
    try:
        number = float(cell)
    except ValueError:
        return VERDICTS.get(cell.strip().lower())
    return number if math.isfinite(number) else None


def setting_values(cells: Sequence[str]) -> list[SettingValue]:
    """The cells of a setting: as whole numbers, numbers or truth values where all that are there are such, else as the
    texts that they are; None where one is missing.

    >>> setting_values(["5", "10", ""]), setting_values(["007", "8"]), setting_values(["true", "False"])
    ([5, 10, None], ['007', '8'], [True, False])
    """
    present = {cell: cell.strip() for cell in cells if not is_missing(cell)}
    for kind in (_whole, _decimal, _truth):
        values = {cell: kind(text) for cell, text in present.items()}
        if None not in values.values():
            return [values.get(cell) for cell in cells]
    return [present.get(cell) for cell in cells]


def _whole(text: str) -> int | None:
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and str(int(digits)) == digits else None


def _decimal(text: str) -> float | None:
    if text.removeprefix("-").startswith("0") and text.removeprefix("-")[1:2].isdigit():
        return None  # a code such as 007
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _truth(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text.lower())
