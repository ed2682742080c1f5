"""What is known of parts: what was measured undisturbed, and what follows from it."""

from __future__ import annotations

import pytest

from tradespace.components.passes import Passes
from tradespace.explorer.timing.known_seconds import KnownSeconds
from tradespace.explorer.timing.latency_model import ENOUGH
from tradespace.explorer.timing.quiet import Sampled, SampledWorks
from tradespace.explorer.timing.stage_calls import CallGroup
from tradespace.explorer.timing.stopwatch import WorkItem


def part(place: int) -> CallGroup:
    """One pass of ten more tokens for each place."""
    size = Passes((100 + 10 * place,))
    return CallGroup("reader", size, work=WorkItem("reader", f"q{place}", lambda: None, size))


def taken(place: int, times: float = 1.0, *, disturbed: bool = False) -> Sampled:
    """A hundredth of a millisecond for each token, times a disturbance; a joule for each second."""
    seconds = 1e-5 * (100 + 10 * place) * times
    return Sampled(seconds, 1, int(disturbed), 1.0, counted={"joules": seconds}, size=part(place).size)


def works(*sampled: Sampled) -> SampledWorks:
    return {("reader", f"q{place}"): one for place, one in enumerate(sampled)}


def test_what_was_measured_keeps_its_seconds_and_the_rest_is_foretold() -> None:
    """With joules at the rate of what was measured."""
    known = KnownSeconds([], works(*map(taken, range(ENOUGH))))
    measured, foretold = known.seconds(part(3)), known.seconds(part(40))
    assert measured is not None and foretold is not None
    assert (measured.seconds, measured.predicted) == (taken(3).seconds, False)
    assert foretold.seconds == pytest.approx(taken(40).seconds, rel=1e-6)
    assert foretold.predicted
    assert known.count(part(40), "joules") == pytest.approx(taken(40).seconds, rel=1e-6)


def test_works_that_were_always_disturbed_are_foretold_by_the_others() -> None:
    """Three times too slow, they take no part in the model; where the others are too few, they are all there is."""
    quiet, busy = [taken(place) for place in range(ENOUGH)], [taken(ENOUGH, 3.0, disturbed=True)]
    last = part(ENOUGH)
    enough, too_few = KnownSeconds([], works(*quiet, *busy)), KnownSeconds([], works(*quiet[1:], *busy))
    foretold, measured = enough.seconds(last), too_few.seconds(part(ENOUGH - 1))
    assert foretold is not None and measured is not None
    assert foretold.seconds == pytest.approx(taken(ENOUGH).seconds, rel=1e-6)
    assert measured.seconds == busy[0].seconds


def test_parts_of_which_nothing_is_known_have_no_seconds() -> None:
    """Nobody timed any call of their component."""
    assert KnownSeconds([], {}).seconds(part(0)) is None


def test_residuals_are_drawn_by_the_part_alone() -> None:
    """Whoever asks, and in whatever order: pipelines that share a part agree on it."""
    scattered = [taken(place, 1 + 0.1 * (-1) ** place) for place in range(2 * ENOUGH)]
    one, other = KnownSeconds([], works(*scattered)), KnownSeconds([part(70)], works(*scattered))
    assert [one.seconds(part(place)) for place in range(50, 90)] == [
        other.seconds(part(place)) for place in reversed(range(50, 90))
    ][::-1]
    assert len({one.models["reader"].ratios[0], one.models["reader"].ratios[1]}) == 2
