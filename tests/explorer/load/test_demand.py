"""Deployed pipelines: their stations, and what each question asks of them."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from tradespace.explorer.load.demand import by_stages, deploy, end_to_end_ratio, independent_stations
from tradespace.explorer.load.profiles import BatchProfile, SharingProfile
from tradespace.explorer.load.station_profiles import MeasuredQuestions, ProfiledServer, ProfiledStages, StationProfiles
from tradespace.explorer.load.stations import Demand, ProviderStation, ReplicaStation, SharedStation
from tradespace.explorer.results import CallRounds, Conditions, QuestionSet, Usage
from tradespace.search_space.deployment import Deployment, Host, StageGroup, TailPolicy
from tradespace.testing.timed_evaluations import CPU, timed_evaluation

SECONDS = {"retrieve": (0.1, 0.2, 0.3), "rerank": (1.0, 2.0, 3.0), "generate": (10.0, 20.0, None)}
FIRST, SECOND = StageGroup(("retrieve", "rerank"), host="cpu"), StageGroup(("generate",), replicas=2, host="cpu")
SERVER: dict[str, tuple[CallRounds | None, ...]] = {"generate": (((10.0,),), ((12.0, 9.0), (8.0,)), None)}
PROVIDED = Conditions(as_made=("generate",))
DEPLOYMENT = Deployment((FIRST, SECOND), (CPU,))


def test_the_stages_of_a_group_add_up_question_by_question() -> None:
    """One column for each station, one row for each question; what failed is infinite."""
    deployed = deploy(timed_evaluation(SECONDS), DEPLOYMENT)
    assert deployed.names == ("retrieve + rerank", "generate")
    assert deployed.demand.seconds.tolist() == [[1.1, 10.0], [2.2, 20.0], [3.3, math.inf]]


def test_stages_that_no_group_names_have_a_replica_of_their_own() -> None:
    """The deployment need not name them."""
    deployed = deploy(timed_evaluation(SECONDS), Deployment((SECOND,), (CPU,)))
    assert [(each.name, each.replicas) for each in deployed.stations if isinstance(each, ReplicaStation)] == [
        ("retrieve + rerank", 1),
        ("generate", 2),
    ]


def test_what_a_server_answers_is_a_station_of_its_own() -> None:
    """A group with a stage of a provider and one of a server is divided; the group's replicas are servers there."""
    served = timed_evaluation(SECONDS, conditions=Conditions(as_made=("rerank",)), server_calls=SERVER)
    everything = Deployment((StageGroup(("retrieve", "rerank", "generate"), replicas=3, host="cpu"),), (CPU,))
    first, second, third = deploy(served, everything).stations
    assert isinstance(first, ReplicaStation) and first.name == "retrieve"
    assert isinstance(second, ProviderStation) and second.name == "rerank"
    assert isinstance(third, SharedStation) and third.servers == 3


def test_calls_of_a_server_come_round_by_round() -> None:
    """Where they are not known, a visit is one call."""
    deployed = deploy(timed_evaluation(SECONDS, server_calls=SERVER), DEPLOYMENT)
    assert deployed.demand.rounds == {1: (((10.0,),), ((12.0, 9.0), (8.0,)), ())}


def test_a_profile_is_that_of_the_same_components_and_threads() -> None:
    """Three replicas on machines of two cores have one thread each: the profile with two threads is not theirs."""
    profile = BatchProfile((1, 4), (1,), ((1.5,), (1.0,)), threads=1)
    others = BatchProfile(threads=2)
    profiles = StationProfiles(
        (ProfiledStages(("generate_part()",), others), ProfiledStages(("generate_part()",), profile))
    )
    deployed = deploy(timed_evaluation(SECONDS), DEPLOYMENT, profiles)
    station = deployed.stations[1]
    assert isinstance(station, ReplicaStation) and station.profile == profile.spread_over(2)


def test_what_was_measured_in_a_replica_is_foretold_for_it() -> None:
    """For the questions of that set, where they were measured; the others follow from what they take alone."""
    profile = BatchProfile((1, 4), (1,), ((2.0,), (1.0,)), start=1.0)
    of_pipeline = timed_evaluation(SECONDS)
    measured = MeasuredQuestions(of_pipeline.pipeline, of_pipeline.question_set, (None, 33.0))
    profiles = StationProfiles((ProfiledStages(("generate_part()",), profile, (measured,)),))
    seconds = deploy(of_pipeline, DEPLOYMENT, profiles).demand.seconds[:, 1].tolist()
    assert seconds == [10.0, 16.0, math.inf]
    assert profile.seconds([seconds[1]]) == 33.0
    others = replace(of_pipeline, question_set=QuestionSet.CONFIRM)
    assert deploy(others, DEPLOYMENT, profiles).demand.seconds[:, 1].tolist() == [10.0, 20.0, math.inf]


def test_replicas_on_several_machines_slow_only_those_on_the_same() -> None:
    """Four replicas on machines of two cores: two on each, which slow each other as two did."""
    profile = BatchProfile(busy=(1, 2), factors=((1.0, 1.5),), threads=1)
    profiles = StationProfiles((ProfiledStages(("generate_part()",), profile),))
    groups = (StageGroup(("retrieve", "rerank"), host="gpu"), StageGroup(("generate",), replicas=4, host="cpu"))
    four = Deployment(groups, (Host("cpu", cores=2), Host("gpu")))
    station = deploy(timed_evaluation(SECONDS), four, profiles).stations[1]
    assert isinstance(station, ReplicaStation)
    assert [station.profile.factor(1, busy) for busy in (1, 2, 3, 4)] == [1.0, 1.0, 1.25, 1.5]


def test_a_group_that_was_not_measured_is_taken_to_behave_like_one_with_other_settings() -> None:
    """A profile is relative to what components take alone; other components are no guide."""
    profile = BatchProfile((1, 4), (1,), ((1.5,), (1.0,)), threads=1)
    like = StationProfiles((ProfiledStages(("generate_part(layers=3)",), profile),))
    unlike = StationProfiles((ProfiledStages(("other_part()",), profile),))
    assert like.of_batches(("generate_part()",), 1) == profile
    assert like.of_batches(("generate_part()",), 2) is None
    assert unlike.of_batches(("generate_part()",), 1) is None


def test_stations_in_company_that_were_not_measured_are_named() -> None:
    """One replica that takes one request at a time is as it was timed alone; two replicas are not."""
    assert deploy(timed_evaluation(SECONDS), DEPLOYMENT).unprofiled == ("generate",)
    server = timed_evaluation(SECONDS, server_calls=SERVER)
    profiles = StationProfiles(servers=(ProfiledServer("generate_part()", SharingProfile((1, 2), (1.0, 1.5), 2)),))
    assert deploy(server, DEPLOYMENT).unprofiled == ("generate",)
    assert deploy(server, DEPLOYMENT, profiles).unprofiled == ()


def test_seconds_are_corrected_by_runs_from_end_to_end_where_no_profile_was_measured() -> None:
    """A profile was measured in replicas already."""
    seconds = {"retrieve": (1.0, 2.0, 4.0), "generate": (1.0, 2.0, 4.0)}
    run = timed_evaluation(seconds, end_to_end=(2.2, 4.4, None))
    profiles = StationProfiles((ProfiledStages(("generate_part()",), BatchProfile()),))
    assert end_to_end_ratio(run) == pytest.approx(1.1)
    column = deploy(run, Deployment((StageGroup(("generate",), host="cpu"),), (CPU,)), profiles).demand.seconds
    assert column[0] == pytest.approx([1.1, 1.0])


def test_a_fallback_is_the_pipeline_with_it_in_the_place_of_the_stage() -> None:
    """Its seconds are those of that stage there; without such a pipeline nothing is known of it."""
    tail = TailPolicy(timeout=1.0, fallback="quick()")
    deployment = Deployment((FIRST, StageGroup(("generate",), host="cpu", tail=tail)), (CPU,))
    other = timed_evaluation({**SECONDS, "generate": (0.5, 0.6, 0.7)}, stages={"generate": "quick()"})
    deployed = deploy(timed_evaluation(SECONDS), deployment, others=by_stages([other]))
    assert deployed.fallbacks == {1: other}
    assert deployed.demand.fallbacks[1].tolist() == [0.5, 0.6, 0.7]
    assert deploy(timed_evaluation(SECONDS), deployment).demand.fallbacks == {}


def test_only_a_providers_calls_cost_dollars_beside_the_machines() -> None:
    """A server of one's own is paid by its host's hour; a call without a price is not known."""
    usage = {"generate": (Usage(1, 1, 0.5), Usage(1, 1, 0.25), Usage(1, 1, None))}
    provided = timed_evaluation(SECONDS, usage=usage, conditions=PROVIDED)
    own = timed_evaluation(SECONDS, usage=usage, server_calls=SERVER)
    assert deploy(provided, DEPLOYMENT).call_usd[:, 1].tolist() == pytest.approx([0.5, 0.25, math.nan], nan_ok=True)
    assert deploy(own, DEPLOYMENT).call_usd.tolist() == [[0.0, 0.0]] * 3


def test_independent_stations_keep_what_each_takes_and_lose_what_goes_together() -> None:
    """The same seconds at every station, of questions of its own."""
    slow = np.linspace(0.01, 1.0, 200)
    demand = Demand(np.stack([slow, slow], axis=1), rounds={1: tuple(((each,),) for each in slow.tolist())})
    apart = independent_stations(demand)
    assert np.sort(apart.seconds, axis=0).tolist() == demand.seconds.tolist()
    assert [rounds[0][0] for rounds in apart.rounds[1]] == apart.seconds[:, 1].tolist()
    assert abs(np.corrcoef(apart.seconds.T)[0, 1]) < 0.3 < np.corrcoef(demand.seconds.T)[0, 1]


def test_a_pipeline_that_was_never_timed_cannot_be_deployed() -> None:
    """It says which one."""
    with pytest.raises(ValueError, match=r"generate_part\(\) has no timings"):
        deploy(timed_evaluation({"generate": ()}), DEPLOYMENT)


def test_a_provider_that_is_asked_again_takes_what_it_took_at_other_times() -> None:
    """As long again where one time is known alone; what failed, fails again. Other stages of a station add theirs."""
    known: dict[str, tuple[tuple[float, ...] | None, ...]] = {"generate": ((9.0, 11.0), None, None)}
    asked = timed_evaluation(SECONDS, conditions=PROVIDED, repeats=known)
    assert deploy(asked, DEPLOYMENT).demand.repeats[1].tolist() == [[9.0, 11.0], [20.0, 20.0], [math.inf, math.inf]]
    both = timed_evaluation(SECONDS, conditions=Conditions(as_made=("rerank", "generate")), repeats=known)
    together = Deployment((StageGroup(("rerank", "generate"), host="cpu"),), (CPU,))
    table = deploy(both, together).demand.repeats[1]
    assert table.tolist() == [[10.0, 12.0], [22.0, 22.0], [math.inf, math.inf]]
    assert deploy(timed_evaluation(SECONDS, conditions=PROVIDED), DEPLOYMENT).demand.repeats == {}
