"""The reader protocol, and what reading gives: a dataset and everything that is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tradespace.data.dataset import Dataset
from tradespace.errors import DataError, Fault


@dataclass(frozen=True, slots=True)
class DatasetReading:
    """What could be read, and what is wrong with it.

    Attributes:
        format: name of the reader, or `bundled`.
        dataset: everything that could be read.
        faults: what is wrong but does no harm; each says what was left out.
        fatal: what must be put right before the data can be used.
        unread: why documents could not be read that were left out, as was asked for; `faults` name them too.
    """

    format: str
    dataset: Dataset
    faults: tuple[Fault, ...] = ()
    fatal: tuple[Fault, ...] = ()
    unread: tuple[Fault, ...] = ()

    def required(self) -> Dataset:
        """Return the dataset.

        Raises:
            DataError: something fatal is wrong; the error carries every fault, the fatal ones first.
        """
        if self.fatal:
            raise DataError(self.fatal + self.faults)
        return self.dataset


class DatasetReader(Protocol):
    """Reads one format.

    Attributes:
        name: how YAML and the command line call the format.
        layout: what it looks like, to tell a user whose data is not recognized.
    """

    @property
    def name(self) -> str: ...

    @property
    def layout(self) -> str: ...

    def detects(self, path: Path) -> bool:
        """Whether the path looks like this format. Reads no more than the beginning of a file."""

    def read(self, path: Path) -> DatasetReading:
        """Read everything that can be read. Never raises for what the files hold."""
