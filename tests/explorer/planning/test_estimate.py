"""An estimate says what it does not know, and counts what it does."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.explorer.conftest import LastWord, Overlap
from tradespace.components.base import Pipeline
from tradespace.components.llms.openai import OpenAI
from tradespace.components.readers.llm import LLMReader
from tradespace.components.strategies.direct import Direct
from tradespace.explorer.planning.estimate import Estimator, SpendingEstimate
from tradespace.explorer.planning.plan import plan
from tradespace.explorer.planning.speeds import Trial, characters, kind_of
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.runner import run
from tradespace.explorer.storage.entries import Timing
from tradespace.explorer.storage.timing_keys import speed_key
from tradespace.search_space.sections import ModelPrice, Prices

MODEL = OpenAI(model="far", base_url="http://192.0.2.1/v1", concurrency=4)
ASKED = [f"question {number}" for number in range(40)]
HOURLY = ModelPrice(usd_per_hour=7.2)


def estimated(
    recorded_calls: RecordedCalls,
    price: ModelPrice | None = None,
    speeds: Mapping[str, float] | None = None,
    chosen: Pipeline | None = None,
    seconds: float = 10.0,
) -> SpendingEstimate:
    chosen = chosen or Overlap() >> LLMReader(model=MODEL, strategy=Direct(), passages=1)
    prices = Prices(host_usd_per_hour=0.0, models={"far": price} if price else {})
    planned = plan([chosen], ASKED, recorded_calls.opened_components)
    return Estimator(Trial(recorded_calls.opened_components, seconds), prices, speeds or {}).estimate(planned, [chosen])


def test_of_a_remote_model_neither_time_nor_price_is_known_beforehand(recorded_calls: RecordedCalls) -> None:
    """Its calls are counted, and that is all."""
    found = estimated(recorded_calls)
    assert found.untimed == found.unpriced == ("40 calls of far",)
    assert found.outlay.calls == 80


def test_what_was_called_before_is_not_built_again(recorded_calls: RecordedCalls) -> None:
    """Its index lies in the study: of what is missing, the calls are left."""
    kind, (overlap, host) = kind_of(Overlap()), (Overlap(), "here")
    speeds = [Timing(host, speed_key(kind), part, 1.0, {}) for part in ("opening", "call")]
    recorded_calls.ledger.record(speeds)

    def seconds() -> float:
        planned = plan([overlap >> LastWord()], ASKED, recorded_calls.opened_components, recorded_calls.ledger)
        trial = Trial(recorded_calls.opened_components, 0.0, recorded_calls.ledger, host)
        return Estimator(trial).estimate(planned, [overlap >> LastWord()]).outlay.seconds

    building = characters(recorded_calls.opened_components.documents)
    assert seconds() == building + 40
    run(recorded_calls, [Pipeline((overlap,))], ASKED[:10])
    assert seconds() == 30


def test_a_price_by_the_hour_needs_a_speed(recorded_calls: RecordedCalls) -> None:
    """Dollars are those of seconds, which nobody knows yet."""
    found = estimated(recorded_calls, HOURLY)
    assert found.untimed == found.unpriced == ("40 calls of far",)


@pytest.mark.parametrize("stated", [True, False])
def test_a_speed_that_is_said_or_was_tried_gives_seconds_and_hourly_dollars(
    recorded_calls: RecordedCalls, stated: bool
) -> None:
    """By hand: completions as long as they may be, four calls at a time; the machine is busy for each of them."""
    price = HOURLY.model_copy(update={"tokens_per_second": 10.0}) if stated else HOURLY
    found = estimated(recorded_calls, price, {} if stated else {"far": 10.0})
    longest = 40 * _max_tokens(recorded_calls) / 10.0
    assert found.untimed == found.unpriced == ()
    assert found.outlay.seconds >= longest / 4
    assert found.outlay.usd == pytest.approx(longest * 7.2 / 3600)


def test_what_was_tried_counts_more_than_what_is_said(recorded_calls: RecordedCalls) -> None:
    """The server is as fast as it is."""
    price = HOURLY.model_copy(update={"tokens_per_second": 1000.0})
    assert (estimated(recorded_calls, price, {"far": 10.0}).outlay.usd or 0) > 50 * (
        estimated(recorded_calls, price).outlay.usd or 0
    )


def test_a_component_that_there_was_no_time_for_is_named(recorded_calls: RecordedCalls) -> None:
    """Its calls are in no figure."""
    found = estimated(recorded_calls, chosen=Overlap() >> LastWord(), seconds=0.0)
    assert found.untried == ("40 calls of overlap", "80 calls of last_word")
    assert found.untimed == ()


def _max_tokens(recorded_calls: RecordedCalls) -> int:
    from tradespace.types import Prompt

    chosen = Overlap() >> LLMReader(model=MODEL, strategy=Direct(), passages=1)
    (calls,) = [
        calls
        for calls in plan([chosen], ASKED, recorded_calls.opened_components).examples.values()
        if calls[0].component == MODEL
    ]
    assert isinstance(calls[0].request, Prompt)
    return calls[0].request.max_tokens
