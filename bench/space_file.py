"""A search space in a file, as benchmarks start from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tradespace.data import Dataset
from tradespace.explorer.files import read_data, read_specification
from tradespace.search_space.specification import Specification


@dataclass(frozen=True)
class SpaceFile:
    """A search space in a file, with its data."""

    file: Path

    @cached_property
    def specification(self) -> Specification:
        """The space."""
        return read_specification(self.file)

    @cached_property
    def dataset(self) -> Dataset:
        """Its documents, and what people asked about some of them."""
        return read_data(self.specification).dataset
