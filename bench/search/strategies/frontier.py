"""Tradespace's own strategy, asked and told as an exploration does."""

from __future__ import annotations

from bench.search.market import Market
from tradespace.explorer.search import Partial, search_algorithm
from tradespace.search_space.sections import NamedSearch

BATCH = 32
RELATIVE_ERROR = 0.027
"""Of foretold costs: half of them are then within 1.8 %, as the latency model's are (docs/latency-validation.md)."""


def frontier(market: Market, seed: int) -> None:
    """Cheap calls are paid for beforehand; what its calls make known of other pipelines counts, as it collects that."""
    recording = market.recording
    source = recording.source(seed, RELATIVE_ERROR if recording.unit == "s" else 0.0, market.bought)
    specification = recording.specification
    foretold = source.known_costs[:, 0]
    market.buy_cheap()
    with market.thought():
        search = search_algorithm(NamedSearch("frontier")).start(
            specification.space, specification.goals, seed, source=source
        )
    while True:
        with market.thought():
            steps = search.ask(BATCH)
        if not steps:
            break
        for step in steps:
            asked = step.questions or range(market.questions)
            market.buy([market.row_of[step.pipeline]], asked.start, asked.stop)
        with market.thought():
            for step in steps:
                search.tell(step.pipeline, Partial())
        rows = market.complete()
        market.claim(rows, recording.explore_scores[rows], foretold[rows])
    account, place = search.account, market.row_of
    market.raced_out = [(place[each.pipeline], place[each.by]) for each in account.raced_out] if account else []
    market.refused = [place[pipeline] for pipeline in account.missing_sla] if account else []
