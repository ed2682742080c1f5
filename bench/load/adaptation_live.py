"""Ten minutes of adaptation for real, beside their simulation: a stretch that IPA was evaluated on.

    python -m bench.load.adaptation_live STUDY --data FOLDER [--seconds 600]

`tradespace serve STUDY --adapt` answers the stretch, in as many replicas as this machine has cores, which it shares
with the gateway and the generator of the load. As many requests of the stretch are kept as the most accurate pipeline
carries in the busiest interval. FOLDER holds `ipa_twitter/`, as published. Kept in runs/load/adaptation-live.json.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import numpy as np

from bench.load.adaptation import stretch_counts
from bench.load.meanwhile import meanwhile
from bench.load.programs import Program, free_port, program
from bench.load.records import FOLDER, Kept, keep
from bench.load.serving import by_group
from bench.page import table
from tradespace.commands.adaptation_plan import study_menu
from tradespace.components.threads import cores
from tradespace.data.traffic import ArrivalTrace, trace_of_counts
from tradespace.explorer.files import read_data, specification_of
from tradespace.explorer.load.stations import OfferedRequests
from tradespace.explorer.storage.study import StudyFolder
from tradespace.serving.adaptation.forecasts import MovingMaximum
from tradespace.serving.adaptation.forecasts.base import rates
from tradespace.serving.adaptation.menu import Menu
from tradespace.serving.adaptation.policies import FrontierPolicy
from tradespace.serving.adaptation.replaying import USUAL_INTERVAL, replay_trace
from tradespace.serving.adaptation.study_menu import MenuWishes
from tradespace.serving.load_generator.generator import generate_load
from tradespace.types import Question

FILE = FOLDER / "adaptation-live.json"
STRETCH = "bursty"
ANSWERS = "tradespace_answers_total"


class Adapted(Kept):
    """What came of the stretch.

    Attributes:
        accuracy: mean accuracy of the pipelines that answered.
        attained: the share of requests that were answered within the bound.
        replicas: that were wanted, in the mean over time.
        switches: how often the option changed.
    """

    name: str
    accuracy: float
    attained: float
    replicas: float
    switches: int


class AdaptedStretch(Kept):
    """The stretch for real, and in simulation.

    Attributes:
        requests, seconds: of the stretch.
        bound: of the latency, in seconds.
        slower: how many times what the study timed alone replicas took, by the server's own account at the end.
    """

    requests: int
    seconds: float
    bound: float
    slower: float
    runs: tuple[Adapted, ...]


def main() -> None:
    """Serve, simulate, keep and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("study", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seconds", type=int, default=600)
    wishes = parser.parse_args()
    made = adapted_stretch(wishes.study, wishes.data, wishes.seconds)
    keep(made, FILE)
    print(adapted_table(made))


def adapted_stretch(folder: Path, data: Path, seconds: int) -> AdaptedStretch:
    """Serve the beginning of the stretch, then simulate the same requests."""
    study = StudyFolder(folder)
    menu = study_menu(study, None, None, MenuWishes(cores()))
    trace = _stretch(data, seconds, menu.peak)
    questions = _explore_questions(study)
    asked = np.random.default_rng(0).integers(len(questions), size=len(trace))
    with adapting_server(folder) as server:
        real, slower = _served(server, menu, trace, [questions[place] for place in asked.tolist()])
    offered = OfferedRequests(trace.arrivals, asked)
    simulated = [
        _simulated("simulated, replicas as timed alone", menu, offered),
        _simulated("simulated, replicas as slow as they were", menu.slowed(slower), offered),
    ]
    return AdaptedStretch(
        requests=len(trace), seconds=seconds, bound=menu.bound.seconds, slower=slower[0], runs=(real, *simulated)
    )


def _explore_questions(study: StudyFolder) -> tuple[Question, ...]:
    specification = specification_of(study)
    data = specification.data
    return read_data(specification).dataset.split(data.explore, data.confirm, data.seed).explore


def _stretch(data: Path, seconds: int, peak: float) -> ArrivalTrace:
    counts = stretch_counts(data)[STRETCH][:seconds]
    share = peak / float(rates(counts.astype(np.float64), USUAL_INTERVAL).max())
    return trace_of_counts(counts, share=min(1.0, share), name=STRETCH)


@contextmanager
def adapting_server(study: Path) -> Iterator[Program]:
    """The server that a user starts."""
    port = free_port()
    arguments = ["-m", "tradespace", "serve", study, "--adapt", "--port", str(port)]
    log = FOLDER / "servers" / "adaptation-live.log"
    with program(arguments, f"http://127.0.0.1:{port}", "/ready", log) as server:
        yield server


def _served(
    server: Program, menu: Menu, trace: ArrivalTrace, questions: Sequence[Question]
) -> tuple[Adapted, tuple[float, ...]]:
    """What the server made of the stretch, and how many times as slow as foretold its replicas were, by group."""
    ended = Event()
    with meanwhile(lambda: _watched(server, ended)) as watched:
        try:
            record = generate_load(server.url, trace.arrivals.tolist(), questions)
        finally:
            ended.set()
        states = watched.result()
    accuracies = {variant.pipeline: variant.accuracy for variant in menu.variants}
    answers = by_group(server, ANSWERS)
    adapted = Adapted(
        name="for real",
        accuracy=sum(accuracies[name] * count for name, count in answers.items()) / sum(answers.values()),
        attained=float(np.mean([request.latency <= menu.bound.seconds for request in record.requests])),
        replicas=float(np.mean([sum(state["replicas"].values()) for state in states])),
        switches=states[-1]["switches"],
    )
    return adapted, tuple(states[-1]["seconds_beside_foretold"].values())


def _watched(server: Program, ended: Event) -> list[dict[str, Any]]:
    """What the server says of its adaptation, every second."""
    states = []
    while not ended.is_set():
        states.append(httpx.get(f"{server.url}/v1/adaptation").json())
        time.sleep(1.0)
    return states


def _simulated(name: str, menu: Menu, offered: OfferedRequests) -> Adapted:
    replayed = replay_trace(menu, FrontierPolicy(), MovingMaximum(), offered)
    total = replayed.outcome
    return Adapted(
        name=name,
        accuracy=total.accuracy or 0.0,
        attained=total.attained or 0.0,
        replicas=total.replicas,
        switches=replayed.switches,
    )


def adapted_table(made: AdaptedStretch) -> str:
    """What was served beside what was simulated."""
    rows = [_cells(each) for each in made.runs]
    said = (
        f"{made.requests:,} requests in {made.seconds:.0f} s, each to be answered within {1000 * made.bound:.0f} ms. "
        f"Beside gateway and generator, replicas took {made.slower:.2f} times what the study had timed alone."
    )
    return f"{said}\n\n{table(['', 'accuracy', 'within SLA', 'replicas', 'switches'], rows)}"


def _cells(run: Adapted) -> list[str]:
    shares = [f"{100 * share:.2f}" for share in (run.accuracy, run.attained)]
    return [run.name, *shares, f"{run.replicas:.2f}", str(run.switches)]


if __name__ == "__main__":
    main()
