"""Whether the latency foretold from a dozen timed questions is that of the pipelines run for real on all questions.

    python bench/latency.py [--pipelines 20] [--questions 60] [--timed 12] [--output docs/latency-validation.md]

Pipelines are drawn from the space of examples/wikipedia.yaml. Their stages but the last are run, some calls of a dozen
questions are timed, and the latency of every pipeline on all questions is foretold before any passage is read. Then all
pipelines run from end to end on all questions, in turns. Beside what is foretold stands what the dozen questions alone
would tell: the quantile of their end-to-end runs. Aims: an error of p95 of at most 5 % in the median, 10 % at worst.

On a machine that others use too, the benchmark takes real-time priority where it may (Linux, as root) and one thread,
so that it measures the pipelines and not the company. OMP_NUM_THREADS, where it is set, says how many threads instead.
"""

from __future__ import annotations

import argparse
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import random
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tradespace.components.base import Pipeline
from tradespace.data import load_dataset
from tradespace.evals.figures import figure_of
from tradespace.explorer.host import host_name
from tradespace.explorer.planning.dry_run import DryRun
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.runner import run
from tradespace.explorer.storage.databases import open_ledger
from tradespace.explorer.timing.quiet import Effort
from tradespace.explorer.timing.stage_seconds import PipelineSeconds
from tradespace.explorer.timing.stage_timer import StageTimer
from tradespace.search_space.specification import load_specification

SPACE = Path(__file__).parent.parent / "examples" / "wikipedia.yaml"
MEASURES = ("latency_p50", "latency_p95")
TIMING = Effort(rounds=3, width=0.1, seconds=10.0, repeats=1.0)
"""That of an exploration's search."""

Timed = tuple[PipelineSeconds, PipelineSeconds]
"""What a pipeline was foretold to take, and what it took."""


def main() -> None:
    """Measure, print the table, and write it."""
    options = _options()
    pipelines = random.Random(0).sample(list(load_specification(SPACE).space.members()), options.pipelines)
    timed = measured(pipelines, options)
    text = "\n".join([*_head(timed, options), "", *_rows(timed, options.timed)])
    print(text)
    if options.output:
        options.output.write_text(text + "\n", encoding="utf-8")


def measured(pipelines: Sequence[Pipeline], options: argparse.Namespace) -> dict[Pipeline, Timed]:
    """Foretell what pipelines take, then run them from end to end."""
    dataset = load_dataset("wikipedia/xquad")
    asked = dataset.split(options.questions, 0, seed=0).explore
    texts = [question.text for question in asked]
    with tempfile.TemporaryDirectory() as folder:
        opened = OpenedComponents(dataset.documents, Path(folder) / "artefacts")
        calls = RecordedCalls(opened, open_ledger(Path(folder) / "ledger.sqlite"))
        run(calls, list(dict.fromkeys(Pipeline(pipeline.components[:-1]) for pipeline in pipelines)), texts)
        timer = StageTimer(calls, asked, host_name(), "latency_p95", TIMING, timed=options.timed)
        rehearsed = run(DryRun(opened, calls.ledger), pipelines, texts)
        with priority():
            foretold = timer.foretell(rehearsed)
        made = run(calls, pipelines, texts)
        repeated = Effort(options.rounds, width=0.02, seconds=options.seconds)
        whole = StageTimer(calls, asked, host_name(), "latency_p95", repeated, whole=True, timed=len(asked))
        with priority():
            taken = whole.of_stages(made)
    return {pipeline: (foretold[pipeline], taken[pipeline]) for pipeline in pipelines}


def _figures(timed: Timed, measure: str, first: int) -> tuple[float, float, float]:
    """As foretold, as the first questions alone tell it, and as measured on all."""
    foretold, taken = timed
    ran = np.array(taken.end_to_end, dtype=np.float64)
    summary = figure_of(measure).summary
    return foretold.figure(measure)[0], float(summary.of(ran[:first])), float(summary.of(ran))


def _errors(timed: Mapping[Pipeline, Timed], measure: str, first: int) -> NDArray[np.float64]:
    figures = np.array([_figures(row, measure, first) for row in timed.values()])
    return figures[:, :2] / figures[:, 2:] - 1


def _head(timed: Mapping[Pipeline, Timed], options: argparse.Namespace) -> list[str]:
    conditions = [taken.conditions for _, taken in timed.values()]
    disturbed = sum(each.disturbed for each in conditions) / sum(each.samples for each in conditions)
    lines = [
        "# Foretold latency beside measured latency",
        "",
        "Written by `python bench/latency.py`; see there for how it is measured. Milliseconds.",
        "",
        f"{len(timed)} pipelines of `examples/wikipedia.yaml` on {options.questions} questions, on {host_name()}, "
        f"{_threads()}. Foretold before any passage is read, from calls of {options.timed} questions; measured end "
        f"to end on all of them. {disturbed:.0%} of the runs were disturbed, and repeated while there was time.",
        "",
        "| | from | median error | 90 % within | worst |\n|---|---|---|---|---|",
    ]
    names = (f"foretold from calls of {options.timed} questions", f"quantile of these {options.timed} questions alone")
    for measure in MEASURES:
        for name, errors in zip(names, np.abs(_errors(timed, measure, options.timed)).T, strict=True):
            cells = [np.median(errors), np.quantile(errors, 0.9), errors.max()]
            lines.append(f"| {measure} | {name} | {' | '.join(f'{cell:.1%}' for cell in cells)} |")
    return lines


def _rows(timed: Mapping[Pipeline, Timed], first: int) -> list[str]:
    columns = " | ".join(f"{measure[8:]} foretold | measured | error" for measure in MEASURES)
    lines = [f"| pipeline | {columns} |", f"|---|{'---|' * 3 * len(MEASURES)}"]
    for pipeline, row in timed.items():
        cells = []
        for measure in MEASURES:
            foretold, _, ran = _figures(row, measure, first)
            cells += [f"{foretold * 1000:.2f}", f"{ran * 1000:.2f}", f"{foretold / ran - 1:+.1%}"]
        lines.append(f"| `{pipeline}` | {' | '.join(cells)} |")
    return lines


@contextmanager
def priority() -> Iterator[None]:
    """Real-time priority for as long as something is timed, where the system grants it."""
    before = os.sched_getscheduler(0)
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))
    except PermissionError:
        yield
    else:
        yield
        os.sched_setscheduler(0, before, os.sched_param(0))


def _threads() -> str:
    count = int(os.environ["OMP_NUM_THREADS"])
    with priority():
        granted = os.sched_getscheduler(0) == os.SCHED_FIFO
    return f"{count} {'thread' if count == 1 else 'threads'}, at {'real-time' if granted else 'normal'} priority"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pipelines", type=int, default=20)
    parser.add_argument("--questions", type=int, default=60)
    parser.add_argument("--timed", type=int, default=12, help="questions whose calls are timed")
    parser.add_argument("--rounds", type=int, default=1, help="undisturbed runs of each pipeline and question at most")
    parser.add_argument("--seconds", type=float, default=240.0, help="after which no run is repeated")
    parser.add_argument("--output", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
