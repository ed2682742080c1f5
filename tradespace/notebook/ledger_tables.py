"""What a ledger holds, as plain values in columns."""

from __future__ import annotations

from pathlib import Path

from tradespace.components.calls.ranking import RankingCall
from tradespace.components.corpus import Corpus
from tradespace.components.store import ArtefactStore
from tradespace.explorer.storage.base import Ledger
from tradespace.explorer.storage.codec import decode, marked_values
from tradespace.explorer.storage.entries import Entry
from tradespace.notebook.columns import CALL_COLUMNS, TIMING_COLUMNS
from tradespace.reports.columns import ColumnTable, PlainValue

NO_CORPUS = Corpus((), ArtefactStore(Path()))
"""Only the passages of rankings are kept in a corpus; these are counted, and not read back."""


def call_table(ledger: Ledger) -> ColumnTable:
    """Every call, in the order in which outcomes were stored.

    Raises:
        LedgerError: an outcome is not what was stored.
    """
    return ColumnTable(CALL_COLUMNS, tuple(_call(each, ledger) for entries in ledger.entries() for each in entries))


def _call(entry: Entry, ledger: Ledger) -> tuple[PlainValue, ...]:
    """The values of `CALL_COLUMNS`."""
    if not entry.sound:
        raise ledger.damaged(f"the outcome of call {entry.key.hex()} is not what was stored")
    kind, values = marked_values(entry.value)
    is_ranking = kind == RankingCall.mark
    outcome = None if is_ranking else decode(entry.value, NO_CORPUS)
    known = (getattr(outcome, name, None) for name in ("tokens_in", "tokens_out", "usd"))
    text, passages = getattr(outcome, "text", None), len(values) if is_ranking else None
    return (entry.key.hex(), entry.component or None, kind, text, passages, *known, len(entry.value))


def timing_table(ledger: Ledger) -> ColumnTable:
    """Every timing, in the order in which they were recorded."""
    rows = (
        (each.host, each.work, each.question, each.seconds, each.conditions, each.at)
        for samples in ledger.samples()
        for each in samples
    )
    return ColumnTable(TIMING_COLUMNS, tuple(rows))
