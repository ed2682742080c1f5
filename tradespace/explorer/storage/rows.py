"""Rows of numbers by name, one number for each question, packed until they are looked at.

A study of thousands of pipelines holds a dozen rows of each, of which a frontier needs two or three.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

Row = tuple[float | None, ...]


def pack(row: Row) -> bytes:
    """A row as compressed floats of eight bytes, little end first, exact; None is kept as NaN.

    Raises:
        ValueError: a number is NaN or infinite, which nothing that was measured can be.
    """
    if not all(number is None or math.isfinite(number) for number in row):
        raise ValueError(f"a row must hold finite numbers, and None where one is missing; given: {row!r}")
    return zlib.compress(np.array(row, dtype="<f8").tobytes(), 1)


def unpack(packed: bytes) -> Row:
    """Read back what `pack` wrote."""
    row = np.frombuffer(zlib.decompress(packed), dtype="<f8").tolist()
    complete = math.isfinite(sum(row))  # a sum that overflows costs a closer look, and changes nothing
    return tuple(row if complete else [None if math.isnan(number) else number for number in row])


@dataclass(frozen=True, slots=True, eq=False)
class Rows(Mapping[str, Row]):
    """Packed rows by name.

    Attributes:
        lengths: bytes of each packed row, in the order in which they lie one behind the other.
        packed: holds them, and perhaps more.
        start: where in it the first begins.
        unpacked: opens one: `unpack`, remembering, so that equal rows of many are one object.
    """

    lengths: Mapping[str, int]
    packed: bytes
    start: int
    unpacked: Callable[[bytes], Row]

    def __getitem__(self, name: str) -> Row:
        place = self.start
        for other, length in self.lengths.items():
            if other == name:
                return self.unpacked(self.packed[place : place + length])
            place += length
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self.lengths)

    def __len__(self) -> int:
        return len(self.lengths)
