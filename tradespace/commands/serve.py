"""`tradespace serve`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from tradespace.commands.ask import recommended_pipeline
from tradespace.commands.entry import Exit
from tradespace.components.notation import parse
from tradespace.components.trust import Trust, demand
from tradespace.errors import InputError
from tradespace.explorer.storage.study import Study
from tradespace.extras import missing
from tradespace.plurals import count
from tradespace.search_space.deployment import Deployment
from tradespace.secrets import read_secret

KEY_VARIABLE = "TRADESPACE_SERVE_KEY"


@dataclass(frozen=True)
class ServingWishes:
    """What the command line says.

    Attributes:
        pipeline: its notation; the recommended one where it is None.
        replicas: of the whole pipeline.
    """

    pipeline: str | None
    replicas: int
    host: str
    port: int
    log_questions: bool


def run_serving(folder: Path, wishes: ServingWishes, allowed: Collection[Trust]) -> Exit:
    """Serve a study's pipeline until a signal ends it.

    Raises:
        InputError: the study, the pipeline or the address is not one that can be served.
        ComponentError: a component could not be opened.
    """
    if problem := missing(("fastapi", "opentelemetry", "prometheus_client", "uvicorn")):
        raise InputError(f"`tradespace serve` {problem}")
    from tradespace.serving.served_study import in_one_process, served_study
    from tradespace.serving.server import bound_socket, run_server
    from tradespace.serving.server_settings import ServerSettings

    key = read_secret(KEY_VARIABLE)
    study = Study(folder)
    pipeline = parse(wishes.pipeline or recommended_pipeline(study))
    demand(pipeline, allowed)
    with bound_socket(wishes.host, wishes.port, key) as bound:
        served = served_study(study, (pipeline,), in_one_process(pipeline, wishes.replicas))
        address = f"http://{_in_url(wishes.host)}:{bound.getsockname()[1]}"
        print(f"Opening {pipeline} …", flush=True)
        ended_well = run_server(
            served,
            bound,
            ServerSettings(key=key, log_questions=wishes.log_questions),
            lambda: print(_ready(served.name, served.configuration.deployment, address, key), flush=True),
        )
    print("Ended." if ended_well else "Ended before everything was answered.")
    return Exit.DONE if ended_well else Exit.FAILED


def _ready(name: str, deployment: Deployment, address: str, key: str) -> str:
    groups = [f"  {group.name}: {count(group.replicas, 'replica')}" for group in deployment.groups]
    authorization = f' -H "Authorization: Bearer ${KEY_VARIABLE}"' if key else ""
    return "\n".join(
        [
            f"Serving {name} on {address}, in",
            *groups,
            "Ask it:",
            f'  curl {address}/v1/answers --json \'{{"question": "Who …?"}}\'{authorization}',
            f"or point a client of OpenAI's interface at {address}/v1. Ctrl-C ends it in good order.",
        ]
    )


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
