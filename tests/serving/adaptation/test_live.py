"""A server that adapts switches as the load goes up and down, and loses no request over it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar

import pytest

from tests.commands.conftest import Run, run  # noqa: F401 - a fixture
from tests.serving.conftest import PATIENCE, serving
from tradespace.components.base import Pipeline
from tradespace.explorer.running.replicas import ReplicaSetup
from tradespace.search_space.deployment import Host, StageGroup
from tradespace.serving.adaptation.ahead import Ahead
from tradespace.serving.adaptation.forecasts import ExpectedLoad, LastValue
from tradespace.serving.adaptation.live import AdaptationPlan, ServerAdapter
from tradespace.serving.adaptation.menu import Menu, Option, ServiceBound, Variant
from tradespace.serving.adaptation.observed_speed import ENOUGH_BATCHES
from tradespace.serving.adaptation.policies import AdaptationPolicy, Chooser, Situation
from tradespace.serving.dispatcher import Dispatcher, ServedAnswer
from tradespace.serving.metrics import ServerMetrics
from tradespace.serving.server_settings import ServerSettings
from tradespace.testing.adaptation_menus import synthetic_variant
from tradespace.testing.gated_components import Calm, First, Gated
from tradespace.types import Document

PLAIN, BEST = First() >> Calm(), First() >> Gated()
MENU = Menu(
    (synthetic_variant(str(PLAIN), 0.5, (0.01,)), synthetic_variant(str(BEST), 0.6, (0.02,))),
    (tuple(StageGroup(("retrieve", "generate"), replicas, host="here") for replicas in (1, 2)),),
    ServiceBound(1.0),
    (Host("here", cores=2),),
)


class ByRate(AdaptationPolicy):
    """The best pipeline in one replica while little comes, the plain one in two while much does."""

    name: ClassVar[str] = "by_rate"

    def begin(self, menu: Menu, peak: ExpectedLoad) -> Chooser:
        return ByRateChooser(menu)


class ByRateChooser(Chooser):
    def __init__(self, menu: Menu) -> None:
        self._plain, self._best = menu.variants
        self._one, self._two = menu.deployments
        self._menu = menu

    def choose(self, situation: Situation) -> Option:
        if situation.outlook.rate > 2:
            return self._menu.option(self._plain, self._two)
        return self._menu.option(self._best, self._one)


class ByQueue(ByRate):
    """The best pipeline for a request that finds nobody before it."""

    name: ClassVar[str] = "by_queue"

    def begin(self, menu: Menu, peak: ExpectedLoad) -> Chooser:
        return ByQueueChooser(menu)


class ByQueueChooser(ByRateChooser):
    admits: ClassVar[bool] = True

    def admit(self, option: Option, ahead: Ahead) -> Variant:
        return self._plain if ahead.requests[0] else self._best


async def adapted(policy: AdaptationPolicy, folder: Path, plain: Pipeline = PLAIN) -> tuple[Dispatcher, ServerAdapter]:
    """A dispatcher with real replicas, and who adapts it every second."""
    setup = ReplicaSetup((Document("cat", "The cat sat."),), folder, (plain, BEST), stages=())
    plan = AdaptationPlan(MENU, policy, LastValue(), {str(PLAIN): plain, str(BEST): BEST}, interval=1)
    first = plan.configuration(MENU.option(MENU.variants[0], MENU.deployments[0]))
    dispatcher = Dispatcher(setup, first, ServerSettings(queue=10_000, seconds=PATIENCE), ServerMetrics())
    await dispatcher.open()
    return dispatcher, ServerAdapter(plan, dispatcher)


async def until(true: Callable[[], bool], meanwhile: Callable[[], object]) -> None:
    """Do something every 50 ms until a condition holds."""
    async with asyncio.timeout(PATIENCE):
        while not true():
            meanwhile()
            await asyncio.sleep(0.05)


def test_it_switches_as_the_load_goes_up_and_down_and_loses_nothing(tmp_path: Path) -> None:
    """Twenty questions a second, and then none: two replicas with the plain pipeline, and one with the best. Every
    request is answered."""

    async def up_and_down() -> tuple[list[ServedAnswer], int]:
        dispatcher, adapter = await adapted(ByRate(), tmp_path)
        adapting = asyncio.create_task(adapter.run())
        asked: list[asyncio.Task[ServedAnswer]] = []
        (group,) = dispatcher.groups
        await until(lambda: adapter.state["switches"] == 1, lambda: None)  # it was laid out for the peak
        await until(lambda: group.open_replicas == 2, lambda: asked.append(asyncio.create_task(dispatcher.answer("?"))))
        await until(lambda: group.open_replicas == 1, lambda: None)
        asked.append(asyncio.create_task(dispatcher.answer("who?")))
        answers = await asyncio.gather(*asked)
        adapting.cancel()
        await dispatcher.close()
        return answers, adapter.state["switches"]

    answers, switches = asyncio.run(up_and_down())
    assert switches >= 3
    assert len(answers) > 1
    assert {answer.pipeline for answer in answers} == {PLAIN, BEST}
    assert answers[-1].pipeline == BEST


def test_each_request_is_given_a_pipeline_by_the_queue(tmp_path: Path) -> None:
    """The first of many that come at once finds nobody; those behind it are given the plain pipeline."""

    async def at_once() -> list[ServedAnswer]:
        dispatcher, adapter = await adapted(ByQueue(), tmp_path)
        adapting = asyncio.create_task(adapter.run())
        await until(lambda: dispatcher.admit is not None, lambda: None)
        answers = await asyncio.gather(*(dispatcher.answer(f"question {number}") for number in range(20)))
        adapting.cancel()
        await dispatcher.close()
        return answers

    pipelines = [answer.pipeline for answer in asyncio.run(at_once())]
    assert pipelines == [BEST] + [PLAIN] * 19


def test_it_goes_on_with_what_replicas_take(tmp_path: Path) -> None:
    """They answer almost at once, where the menu says 10 and 20 ms; nothing is lost while it is corrected."""

    async def corrected() -> tuple[int, float]:
        dispatcher, adapter = await adapted(ByQueue(), tmp_path)
        adapting = asyncio.create_task(adapter.run())
        answers = [await dispatcher.answer("?") for _ in range(ENOUGH_BATCHES)]
        await until(lambda: adapter.state["seconds_beside_foretold"]["retrieve + generate"] != 1.0, lambda: None)
        answers.append(await dispatcher.answer("and now?"))
        adapting.cancel()
        await dispatcher.close()
        return len(answers), adapter.state["seconds_beside_foretold"]["retrieve + generate"]

    answered, factor = asyncio.run(corrected())
    assert answered == ENOUGH_BATCHES + 1
    assert factor < 1


@pytest.mark.slow
def test_a_study_is_served_and_adapted(study: Path) -> None:
    """By the command; what is in force is told, and all that ask at once are answered by a pipeline of the study."""
    arguments = ("--adapt", "--policy", "per_request", "--sla", "500 ms", "--replicas", "2", "--interval", "1")
    with serving(study, *arguments, pipeline="") as server, server.client() as client:
        state = client.get("/v1/adaptation").json()
        with ThreadPoolExecutor(8) as pool:
            replies = list(pool.map(lambda _: client.post("/v1/answers", json={"question": "Who?"}), range(40)))
    assert state["policy"] == "per_request"
    assert state["by_request"] is True
    expected = {"expected_rate", "seconds_beside_foretold"}
    assert set(state) == {"policy", "pipeline", "by_request", "replicas", "batch", "switches"} | expected
    assert {reply.status_code for reply in replies} == {200}
    assert all(reply.json()["pipeline"].startswith("bm25(top_k=3) >> sentence") for reply in replies)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--policy", "ip"), "no policy is called 'ip'; did you mean 'ipa'?"),
        (("--pipeline", "bm25()"), "--adapt chooses pipeline and deployment"),
        ((), "say which with --sla"),
    ],
)
def test_what_cannot_be_adapted_is_told(run: Run, study: Path, arguments: tuple[str, ...], said: str) -> None:  # noqa: F811
    """Before anything is opened."""
    ran = run("serve", study, "--adapt", "--port", "0", *arguments)
    assert ran.code == 2
    assert said in ran.err


def test_what_waits_is_load_too(tmp_path: Path) -> None:
    """While a gate holds up ten requests, nothing comes any more; those that wait are expected load."""
    gate = tmp_path / "gate"

    async def held_up() -> float:
        dispatcher, adapter = await adapted(ByRate(), tmp_path, plain=First() >> Gated(gate=str(gate)))
        gate.touch()
        asked = [asyncio.create_task(dispatcher.answer("?")) for _ in range(10)]
        await until(lambda: len(dispatcher.groups[0].queue) == 9, lambda: None)
        adapting = asyncio.create_task(adapter.run())
        laid_out_for = adapter.state["expected_rate"]
        await until(lambda: adapter.state["expected_rate"] != laid_out_for, lambda: None)
        expected = adapter.state["expected_rate"]
        gate.unlink()
        await asyncio.gather(*asked)
        adapting.cancel()
        await dispatcher.close()
        return float(expected)

    # The first, and the one that a second replica may have taken, are at work.
    assert asyncio.run(held_up()) in {8.0, 9.0}
