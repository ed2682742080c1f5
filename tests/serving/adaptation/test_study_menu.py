"""The menu that a study makes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.commands.conftest import space, study  # noqa: F401 - fixtures
from tradespace.errors import InputError
from tradespace.explorer.load.profiles import ALONE, BatchProfile
from tradespace.explorer.load.station_profiles import ProfiledStages, StationProfiles
from tradespace.explorer.results import Results
from tradespace.explorer.storage.study import StudyFolder
from tradespace.search_space.deployment import Host, Load, StageGroup
from tradespace.search_space.deployment.space import DeploymentSpace
from tradespace.search_space.goals import ServiceLevel
from tradespace.serving.adaptation.study_menu import MenuWishes, menu_of

ASKED = MenuWishes(replicas=3)


@pytest.fixture
def results(study: Path) -> Results:  # noqa: F811
    """Of a small study, with a bound to keep."""
    found = StudyFolder(study).results()
    return found.under(replace(found.goals, sla=ServiceLevel("latency_p90", 0.2)))


def test_it_has_the_frontier_with_its_seconds_and_scores(results: Results) -> None:
    """Least accurate first; all on the same questions."""
    menu = menu_of(results, None, ASKED)
    accuracies = [variant.accuracy for variant in menu.variants]
    assert accuracies == sorted(accuracies)
    assert len({len(variant.seconds) for variant in menu.variants}) == 1
    best = menu.variants[-1]
    evaluation = next(each for each in results.explored if each.pipeline == best.pipeline)
    assert best.accuracy == pytest.approx(np.mean(evaluation.scores[results.goals.primary.measure]))
    assert menu.bound.seconds == 0.2
    assert menu.bound.share == 0.9


def test_without_a_deployment_whole_pipelines_run_in_replicas(results: Results) -> None:
    """One group of all stages, of as many replicas as are asked for."""
    menu = menu_of(results, None, ASKED, usd_per_hour=2.0)
    assert [[group.replicas for group in each.groups] for each in menu.deployments] == [[1], [2], [3]]
    assert menu.usd_per_hour(menu.deployments[1]) == pytest.approx(2 * menu.usd_per_hour(menu.deployments[0]))


def test_the_deployments_of_the_file_are_taken(results: Results) -> None:
    """With its hosts and their prices; stages that it does not name are a group of their own."""
    stages = list(results.explored[0].seconds)
    alternatives = tuple(StageGroup((stages[-1],), count, host="cpu") for count in (1, 4))
    space = DeploymentSpace((Load(1.0),), (alternatives,), (Host("cpu", 0.5),), results.goals)  # noqa: F811
    menu = menu_of(results, space, MenuWishes(budget=2.5))
    assert {group.stages for each in menu.deployments for group in each.groups} >= {(stages[-1],)}
    assert max(menu.usd_per_hour(each) for each in menu.deployments) <= 2.5


def test_measured_batches_count(results: Results) -> None:
    """Where they were measured with the threads that replicas have; elsewhere requests take their turns."""
    retrieve, *_, generate = results.explored[0].seconds
    groups = tuple((StageGroup((stage,), 2, host="cpu"),) for stage in (retrieve, generate))
    space = DeploymentSpace((Load(1.0),), groups, (Host("cpu", cores=4),), results.goals)  # noqa: F811
    measured = BatchProfile((1, 8), factors=((1.0,), (0.5,)))
    components = (results.explored[0].stages[generate],)
    profiles = StationProfiles((ProfiledStages(components, measured),))
    menu = menu_of(results, space, ASKED, profiles=profiles)
    place = next(place for place, group in enumerate(menu.deployments[0].groups) if generate in group.stages)
    assert all(variant.profile(place) == measured for variant in menu.variants)
    assert all(variant.profile(0) == ALONE for variant in menu.variants)
    other = StationProfiles((ProfiledStages(components, replace(measured, threads=4)),))
    assert all(variant.profile(place) == ALONE for variant in menu_of(results, space, ASKED, profiles=other).variants)


def test_there_must_be_a_choice(results: Results) -> None:
    """One pipeline in one deployment leaves none."""
    (first, *_) = results.explored
    with pytest.raises(InputError, match="at least two options"):
        menu_of(replace(results, explored=(first,)), None, MenuWishes(replicas=1))


def test_there_must_be_a_bound(results: Results) -> None:
    """Adaptation keeps a latency."""
    with pytest.raises(InputError, match="say which with --sla"):
        menu_of(results.under(replace(results.goals, sla=None)), None, ASKED)
