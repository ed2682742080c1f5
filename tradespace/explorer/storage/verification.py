"""Whether a ledger is sound: its structure, and the key, checksum and value of each outcome."""

from __future__ import annotations

import zlib
from collections import defaultdict
from functools import cached_property
from pathlib import Path

from tradespace.components.corpus import Corpus
from tradespace.components.store import ArtefactStore
from tradespace.errors import LedgerError
from tradespace.explorer.storage.base import Ledger
from tradespace.explorer.storage.codec import decode
from tradespace.explorer.storage.entries import Entry
from tradespace.types import Passage

KEY_BYTES = 32
LISTED = 5
"""Damaged outcomes that are named; the others are counted."""


def verify(ledger: Ledger) -> list[str]:
    """What is wrong with a ledger's structure, and with the key, checksum and value of each outcome."""
    faults = ledger.faults()
    wrong: list[str] = []
    try:
        for batch in ledger.entries():
            wrong += [f"outcome {entry.key.hex()}: {fault}" for entry in batch if (fault := fault_of(entry))]
    except LedgerError as error:
        faults = faults or [str(error)]
    more = [f"and {len(wrong) - LISTED:,} more outcomes"] if len(wrong) > LISTED else []
    return faults + wrong[:LISTED] + more


def fault_of(entry: Entry) -> str | None:
    """What is wrong with one outcome; None where it is sound."""
    if len(entry.key) != KEY_BYTES:
        return f"its key has {len(entry.key)} bytes instead of {KEY_BYTES}"
    if not entry.sound:
        return "it is not what was stored"
    try:
        decode(entry.value, _EVERY_PASSAGE)
    except (zlib.error, ValueError, LookupError, TypeError) as error:
        return f"it cannot be decoded: {error}"
    return None


class _EveryPassage(Corpus):
    """Knows a passage under any id: whether a value can be decoded does not depend on the corpus."""

    @cached_property
    def by_id(self) -> defaultdict[str, Passage]:
        return defaultdict(lambda: Passage("", "", ""))


_EVERY_PASSAGE = _EveryPassage((), ArtefactStore(Path()))
