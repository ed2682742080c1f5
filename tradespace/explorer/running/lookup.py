"""Looking calls up in a ledger: the one place where stored outcomes are read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tradespace.components.base import Call
from tradespace.components.corpus import Corpus
from tradespace.explorer.storage.base import Ledger
from tradespace.explorer.storage.codec import call_key, decode
from tradespace.types import Outcome


class LookedUp(NamedTuple):
    """What a ledger has of some calls.

    Attributes:
        keys: the content address of each call, in their order.
        calls: the distinct ones, by content address.
        outcomes: by content address; what is not there was never made, or is void.
        void: the addresses of what an earlier version stored as an outcome, and is none.
    """

    keys: list[bytes]
    calls: dict[bytes, Call]
    outcomes: dict[bytes, Outcome]
    void: list[bytes]


def look_up(ledger: Ledger | None, calls: Sequence[Call], corpus: Corpus) -> LookedUp:
    """Read what a ledger has of calls; None has nothing.

    Raises:
        LedgerError: it cannot be read.
    """
    places: dict[Call, int] = {}
    order = [places.setdefault(call, len(places)) for call in calls]  # to hash a call costs more than to look it up
    keys = [call_key(call, corpus) for call in places]
    distinct = dict(zip(keys, places, strict=True))
    values = {} if ledger is None else ledger.read(list(distinct))
    read = {key: decode(value, corpus, distinct[key].component.returns) for key, value in values.items()}
    outcomes = {key: outcome for key, outcome in read.items() if outcome is not None}
    void = [key for key in read if key not in outcomes] if len(outcomes) < len(read) else []
    return LookedUp([keys[place] for place in order], distinct, outcomes, void)
