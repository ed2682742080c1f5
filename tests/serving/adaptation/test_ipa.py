"""IPA's integer program, beside a naive search through all options."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tradespace.serving.adaptation.forecasts import ExpectedLoad
from tradespace.serving.adaptation.menu import Menu, Option
from tradespace.serving.adaptation.policies import IPA, Situation
from tradespace.serving.adaptation.policies.ipa import IPAChooser
from tradespace.testing.adaptation_menus import synthetic_menu, synthetic_variant

MEANS = st.tuples(st.floats(0.001, 0.1), st.floats(0.001, 0.1))


def is_feasible(menu: Menu, option: Option, rate: float) -> bool:
    """The constraints as the paper states them, for one option."""
    worst = [
        option.variant.batch_seconds(place, batch) + (batch - 1) / rate for place, batch in enumerate(option.batches)
    ]
    return sum(worst) <= menu.bound.seconds and option.throughput >= rate


def best_worth(menu: Menu, rate: float) -> float | None:
    """Of all feasible options, by looking at each."""
    options = [option for option in menu.options if is_feasible(menu, option, rate)]
    return max((menu.worth(option.variant.accuracy, option.deployment) for option in options), default=None)


@settings(max_examples=40, deadline=None)
@given(
    means=st.lists(MEANS, min_size=1, max_size=4),
    rate=st.floats(0.5, 300),
    budget=st.sampled_from([None, 0.03, 0.05]),
)
def test_the_program_finds_what_a_search_through_all_options_finds(
    means: list[tuple[float, float]], rate: float, budget: float | None
) -> None:
    """An option of the same worth that keeps all constraints; none where there is none."""
    variants = [synthetic_variant(f"pipeline{place}()", 0.3 + 0.1 * place, each) for place, each in enumerate(means)]
    menu = synthetic_menu(variants, replicas=(1, 3), batches=(1, 2, 8), budget=budget)
    solved = IPAChooser(IPA(), menu).solved(rate)
    expected = best_worth(menu, rate)
    if expected is None:
        assert solved is None
    else:
        assert solved is not None
        assert is_feasible(menu, solved, rate * (1 - 1e-6))
        assert menu.worth(solved.variant.accuracy, solved.deployment) == pytest.approx(expected, abs=1e-4)


def test_a_batch_is_charged_with_the_wait_until_it_is_full() -> None:
    """At a low rate a large batch fills too slowly, as queueing = (batch - 1) / rate; at a high one it is taken."""
    menu = synthetic_menu(replicas=(1,), batches=(1, 8), seconds=0.3)
    slow, fast = (IPAChooser(IPA(), menu).solved(rate) for rate in (5.0, 50.0))
    assert slow is not None
    assert fast is not None
    assert (slow.batches, fast.batches[1]) == ((1, 1), 8)


def test_it_plans_for_the_busiest_second() -> None:
    """As its predictor does, which foretells the highest rate."""
    chooser = IPA().begin(synthetic_menu(), ExpectedLoad(10, 10))
    assert chooser.choose(Situation(ExpectedLoad(10.0, 60.0))).throughput >= 60


def test_the_baselines_are_special_cases() -> None:
    """FA2 keeps one pipeline, RIM the most replicas."""
    menu, load = synthetic_menu(), Situation(ExpectedLoad(20.0, 25.0))
    assert IPA(variants="lightest").begin(menu, load.outlook).choose(load).variant.pipeline == "plain()"
    assert IPA(variants="heaviest").begin(menu, load.outlook).choose(load).variant.pipeline == "best()"
    assert IPA(replicas="most").begin(menu, load.outlook).choose(load).replicas == (4, 4)


def test_what_cannot_be_carried_is_met_with_all_there_is() -> None:
    """Where no option is feasible, the one that carries most is chosen."""
    menu = synthetic_menu()
    option = IPAChooser(IPA(), menu).choose(Situation(ExpectedLoad(1e5, 1e5)))
    assert option.throughput == max(each.throughput for each in menu.options)
