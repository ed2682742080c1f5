"""What replicas of a running server take beside what is foretold of them."""

from __future__ import annotations

import numpy as np
import pytest

from tradespace.components.base import Pipeline
from tradespace.explorer.load.profiles import BatchProfile
from tradespace.search_space.deployment import Host, StageGroup
from tradespace.serving.adaptation.menu import Menu, ServiceBound, Variant
from tradespace.serving.adaptation.observed_speed import ENOUGH_BATCHES, observed_slowness
from tradespace.serving.visits import WorkedBatch
from tradespace.testing.gated_components import Calm, First, Gated

KNOWN, OTHER = First() >> Calm(), First() >> Gated()
VARIANT = Variant(str(KNOWN), 0.5, np.array([[0.1], [0.3]]), (BatchProfile((1, 2), (1,), ((1.0,), (0.75,)), 0.1),))


def worked(seconds: float, size: int = 1, times: int = ENOUGH_BATCHES, pipeline: Pipeline = KNOWN) -> list[WorkedBatch]:
    return [WorkedBatch(pipeline, size, seconds)] * times


def test_it_is_what_batches_took_over_what_is_foretold_of_mean_questions() -> None:
    """Whatever their sizes: one question is foretold to take 0.3 s, two 0.4."""
    assert observed_slowness([*worked(0.6), *worked(0.8, size=2)], 0, {KNOWN: VARIANT}) == pytest.approx(2)


def test_few_batches_say_nothing() -> None:
    """Nor do those of a pipeline that is not on the menu."""
    assert observed_slowness(worked(9.0, times=ENOUGH_BATCHES - 1), 0, {KNOWN: VARIANT}) == 1
    assert observed_slowness(worked(9.0, pipeline=OTHER), 0, {KNOWN: VARIANT}) == 1


def test_a_batch_that_was_disturbed_counts_for_five_usual_ones() -> None:
    """One of a hundred took a minute."""
    slowness = observed_slowness([*worked(0.3, times=99), *worked(60.0, times=1)], 0, {KNOWN: VARIANT})
    assert slowness == pytest.approx((99 + 5) / 100)


def test_a_menu_is_slowed_as_a_whole() -> None:
    """What is foretold of batches, and so what an option carries; options are found again in it."""
    menu = Menu((VARIANT,), ((StageGroup(("generate",), 2),),), ServiceBound(1.0), (Host("cpu", cores=2),))
    slowed = menu.slowed([3.0])
    assert slowed.variants[0].batch_seconds(0, 2) == pytest.approx(3 * VARIANT.batch_seconds(0, 2))
    assert slowed.peak == pytest.approx(menu.peak / 3)
    option = menu.option(VARIANT, menu.deployments[0])
    assert slowed.same(option) == slowed.option(slowed.variants[0], menu.deployments[0])
