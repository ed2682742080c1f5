"""What an embedder made of texts, kept by text: passages that several chunkings share are embedded and stored once.

Texts lie in segments, each an artefact with the arrays of the texts that no other had when it was built. One that is
damaged is thrown away; its texts are then missing, and are embedded again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tradespace.addresses import digest
from tradespace.components.store import ArtefactStore

Arrays = Mapping[str, NDArray[Any]]
"""By name, an array with a row for each text, or one whose rows from `offsets[i]` to `offsets[i + 1]` are text i's."""

TEXT_DIGESTS = "texts"
"""The array that holds the SHA-256 of each text."""


class KeptPlace(NamedTuple):
    """Where a text is kept: its segment's arrays, memory-mapped, and its row."""

    arrays: Arrays
    row: int


@dataclass(frozen=True)
class KeptTexts:
    """What was made of texts, by text."""

    places: Mapping[str, KeptPlace]

    def __contains__(self, text: str) -> bool:
        return text in self.places

    def row(self, name: str, text: str) -> NDArray[Any]:
        """One text's row of an array."""
        arrays, row = self.places[text]
        return arrays[name][row]  # type: ignore[no-any-return]

    def part(self, name: str, text: str) -> NDArray[Any]:
        """One text's rows of an array that has several for each."""
        arrays, row = self.places[text]
        start, end = arrays["offsets"][row : row + 2]
        return arrays[name][start:end]

    def rows(self, name: str, texts: Sequence[str]) -> NDArray[Any]:
        """The rows of texts, in order; memory-mapped where they stand in this order, or else copied."""
        if not texts:
            return np.empty((0, 0), np.float32)
        places = [self.places[text] for text in texts]
        first = places[0].arrays
        in_order = all(place.arrays is first and place.row == row for row, place in enumerate(places))
        if in_order and len(first[name]) == len(texts):
            return first[name]
        return np.stack([self.row(name, text) for text in texts])


def kept_texts(
    store: ArtefactStore, name: str, texts: Sequence[str], encode: Callable[[Sequence[str]], Arrays]
) -> KeptTexts:
    """Find what was made of texts, and make what is missing.

    Args:
        store: where it is kept.
        name: who made it, with all that shapes it.
        texts: any number of texts, in any order.
        encode: makes the arrays of distinct texts.
    """
    addresses = {sha256(text.encode()).digest(): text for text in texts}
    family = digest([name])[:16]
    places: dict[str, KeptPlace] = {}
    for folder in store.all(f"{family}-", name):
        places |= _known(folder, addresses)
    if missing := [text for text in addresses.values() if text not in places]:
        key = f"{family}-{digest(missing)}"
        folder = store.get(key, lambda folder: _save(folder, missing, encode(missing)), name)
        places |= _known(folder, addresses)
    return KeptTexts(places)


def _save(folder: Path, texts: Sequence[str], arrays: Arrays) -> None:
    addresses = b"".join(sha256(text.encode()).digest() for text in texts)
    for name, array in {TEXT_DIGESTS: np.frombuffer(addresses, np.uint8).reshape(len(texts), -1), **arrays}.items():
        np.save(folder / f"{name}.npy", array)


def _known(folder: Path, addresses: Mapping[bytes, str]) -> dict[str, KeptPlace]:
    """Those of the texts that a segment keeps."""
    arrays = {file.stem: np.load(file, mmap_mode="r") for file in folder.glob("*.npy")}
    kept = map(bytes, arrays.pop(TEXT_DIGESTS))
    return {addresses[address]: KeptPlace(arrays, row) for row, address in enumerate(kept) if address in addresses}
