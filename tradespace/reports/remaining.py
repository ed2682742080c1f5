"""What evaluating a pipeline would still take, where the ledger knows some of its calls already."""

from __future__ import annotations

from tradespace.explorer.results import Outlay
from tradespace.plurals import agreeing
from tradespace.reports.words import dollars, percent, rough_duration


def cost_of_more(calls: int, missing: int, outlay: Outlay) -> str:
    """Say it of so many distinct calls, of which some are missing, as the rest of a sentence about what makes them.

    >>> cost_of_more(600, 100, Outlay(pipelines=1, calls=100, seconds=12.3, usd=0.021))
    'costs about 12 s and $0.021 more: 83 % of its 600 calls are known'
    """
    calls_are = agreeing(calls, "call is", "calls are")
    if not missing:
        return f"costs nothing more: {'its' if calls == 1 else 'all of its'} {calls_are} known"
    price = "" if outlay.usd is None else f" and {dollars(outlay.usd)}"
    share = percent((calls - missing) / max(1, calls))
    return f"costs about {rough_duration(outlay.seconds)}{price} more: {share} of its {calls_are} known"
