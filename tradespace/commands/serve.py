"""`tradespace serve`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tradespace.commands.adaptation_plan import LiveAdaptation
from tradespace.commands.ask import recommended_pipeline
from tradespace.commands.entry import Exit
from tradespace.commands.served_deployment import capacity_sentence, recommended_deployment
from tradespace.components.base import Component, Pipeline
from tradespace.components.notation import parse
from tradespace.components.trust import Trust, demand
from tradespace.errors import InputError
from tradespace.explorer.conclusions.deployed_points import DeployedPoint
from tradespace.explorer.files import specification_of
from tradespace.explorer.storage.study import StudyFolder
from tradespace.extras import missing
from tradespace.plurals import count
from tradespace.reports.load_words import load_name
from tradespace.search_space.deployment import Deployment, StageGroup
from tradespace.search_space.deployment.file import read_deployment

if TYPE_CHECKING:
    from tradespace.serving.adaptation.live import AdaptationPlan
    from tradespace.serving.served_study import ServedStudy
from tradespace.secrets import read_secret

KEY_VARIABLE = "TRADESPACE_SERVE_KEY"


@dataclass(frozen=True)
class ServingWishes:
    """What the command line says.

    Attributes:
        pipeline: its notation; the recommended one where it is None.
        replicas: processes that hold the whole pipeline; None where that is not said.
        deployment: a file that says how the stages are deployed; None where there is none.
        timeout: seconds within which every request is answered, or told that it is not.
        queue: requests that may wait for a group of stages.
        adaptation: how pipeline, batches and replicas follow the load; None where they stay.
    """

    pipeline: str | None = None
    replicas: int | None = None
    deployment: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    timeout: float = 60.0
    queue: int = 256
    log_questions: bool = False
    adaptation: LiveAdaptation | None = None

    @property
    def fixed(self) -> bool:
        """Whether they say what is served, or how: the study's recommendation under load is of both together."""
        return bool(self.pipeline or self.replicas or self.deployment)


def run_serving(folder: Path, wishes: ServingWishes, allowed: Collection[Trust]) -> Exit:
    """Serve a study's pipeline until a signal ends it.

    Raises:
        InputError: the study, the pipeline, the deployment or the address is not one that can be served.
        ComponentError: a component could not be opened.
    """
    if problem := missing(("fastapi", "httptools", "prometheus_client", "uvicorn")):
        raise InputError(f"`tradespace serve` {problem}")
    from tradespace.serving.served_study import served_study
    from tradespace.serving.server import bound_socket, run_server
    from tradespace.serving.server_settings import ServerSettings

    settings = ServerSettings(
        wishes.queue, wishes.timeout, key=read_secret(KEY_VARIABLE), log_questions=wishes.log_questions
    )
    study = StudyFolder(folder)
    plan = _plan(study, wishes)
    recommended = None if plan or wishes.fixed else _recommended(study)
    pipelines = list(plan.pipelines.values()) if plan else [_pipeline(study, wishes, recommended)]
    for pipeline in pipelines:
        demand(pipeline, allowed)
    with bound_socket(wishes.host, wishes.port, settings.key) as bound:
        deployment = plan.menu.deployments[-1] if plan else _deployment(study, pipelines[0], wishes, recommended)
        served = served_study(study, pipelines, deployment, allowed)
        demand(_fallbacks(served.configuration.deployment), allowed)
        address = f"http://{_in_url(wishes.host)}:{bound.getsockname()[1]}"
        print(f"Opening {' and '.join(map(str, pipelines))} …", flush=True)
        holds = "" if plan else capacity_sentence(study, pipelines[0], deployment)
        ready = partial(_print_ready, served, address, settings.key, holds)
        totals = run_server(served, bound, settings, ready, plan)
    print(totals)
    return Exit.DONE if totals.ended_well else Exit.FAILED


def _plan(study: StudyFolder, wishes: ServingWishes) -> AdaptationPlan | None:
    """How the server adapts, if it does.

    Raises:
        InputError: what adaptation chooses is fixed by another option.
    """
    if wishes.adaptation is None:
        return None
    if wishes.pipeline or wishes.deployment:
        raise InputError(
            "--adapt chooses pipeline and deployment from the study: leave --pipeline and --deployment out, and say "
            "how many replicas there may be with --replicas, or with a `deployment` in the study's file"
        )
    return wishes.adaptation.plan(study, wishes.replicas)


def _recommended(study: StudyFolder) -> DeployedPoint | None:
    """What the study recommends under its first load, and say so; None where it has no loads, or nothing bears them."""
    found = recommended_deployment(study)
    if found is None:
        return None
    traffic, chosen = found
    if chosen is None:
        print(f"Under {load_name(traffic)}, no deployment keeps what the study asks for: it is served in one process.")
        return None
    print(f"This is what the study recommends under {load_name(traffic)}.")
    return chosen.point


def _pipeline(study: StudyFolder, wishes: ServingWishes, recommended: DeployedPoint | None) -> Pipeline:
    return parse(recommended.pipeline if recommended else wishes.pipeline or recommended_pipeline(study))


def _deployment(
    study: StudyFolder, pipeline: Pipeline, wishes: ServingWishes, recommended: DeployedPoint | None
) -> Deployment:
    """What the command line says; or else what the study recommends, or the only deployment that it explored."""
    from tradespace.serving.served_study import whole_in_replicas

    if wishes.deployment and wishes.replicas:
        raise InputError("--replicas and --deployment both say how many replicas there are: leave one of them out")
    if wishes.deployment:
        return read_deployment(wishes.deployment, specification_of(study).space.stages)
    if recommended:
        return recommended.deployment
    explored = specification_of(study).deployment
    if wishes.replicas is None and explored and explored.size == 1:
        return next(explored.deployments())
    return whole_in_replicas([pipeline], wishes.replicas or 1)


def _fallbacks(deployment: Deployment) -> list[Component]:
    notations = [group.tail.fallback for group in deployment.groups if group.tail.fallback]
    return [component for notation in notations for component in parse(notation)]


def _print_ready(served: ServedStudy, address: str, key: str, holds: str) -> None:
    """What is served, where, how much it holds, and how to ask it."""
    print(f"Serving {served.name} on {address}, in")
    for group in served.configuration.deployment.groups:
        print(f"  {group.name}: {_manned(group)}")
    if holds:
        print(holds)
    authorization = f' -H "Authorization: Bearer ${KEY_VARIABLE}"' if key else ""
    print(f'Ask it:\n  curl {address}/v1/answers --json \'{{"question": "Who …?"}}\'{authorization}')
    print(f"or point a client of OpenAI's interface at {address}/v1. Ctrl-C ends it in good order.", flush=True)


def _manned(group: StageGroup) -> str:
    batch = f", in batches of up to {group.batch} that wait {group.wait * 1000:g} ms to fill" if group.batch > 1 else ""
    return f"{count(group.replicas, 'replica')}{batch}"


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
