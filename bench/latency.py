"""Whether latency that is composed from stages timed alone is the latency of the pipeline run for real.

    python bench/latency.py [--pipelines 32] [--questions 36] [--rounds 3] [--output docs/latency-validation.md]

Pipelines are drawn from the space of examples/wikipedia.yaml. Their distinct stage settings, and the pipelines from
end to end, take turns in one run, so that whatever happens to the machine happens to both. Aims: the median error of
p50 and p95 is at most 5 %, the worst at most 15 %.

On a machine that others use too, the benchmark takes real-time priority where it may (Linux, as root) and one thread,
so that it measures the pipelines and not the company.
"""

from __future__ import annotations

import argparse
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import random
import statistics
import tempfile
from pathlib import Path

from tradespace.components.base import Pipeline
from tradespace.data import load_dataset
from tradespace.evals.figures import figure_of
from tradespace.explorer.host import host_name
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


def main() -> None:
    """Measure, print the table, and write it."""
    options = _options()
    priority = _take_priority()
    pipelines = random.Random(0).sample(list(load_specification(SPACE).space.members()), options.pipelines)
    timed = measured(pipelines, options.questions, Effort(options.rounds, width=0.02, seconds=options.seconds))
    text = table(timed, priority)
    print(text)
    if options.output:
        options.output.write_text(text + "\n", encoding="utf-8")


def measured(pipelines: list[Pipeline], questions: int, effort: Effort) -> dict[Pipeline, PipelineSeconds]:
    """Time the stages of all pipelines and the pipelines themselves, in turns."""
    dataset = load_dataset("wikipedia")
    asked = dataset.split(questions, 0, seed=0).explore
    with tempfile.TemporaryDirectory() as folder:
        opened_components = OpenedComponents(dataset.documents, Path(folder) / "artefacts")
        recorded_calls = RecordedCalls(opened_components, open_ledger(Path(folder) / "ledger.sqlite"))
        traces = run(recorded_calls, pipelines, [question.text for question in asked])
        return StageTimer(recorded_calls, asked, host_name(), "latency_p95", effort, whole=True).of_stages(traces)


def table(timed: dict[Pipeline, PipelineSeconds], priority: str) -> str:
    """One row for each pipeline: composed and measured figures in milliseconds, and the error."""
    rows, errors = [], {measure: list[float]() for measure in MEASURES}
    for pipeline, taken in timed.items():
        composed = [sum(seconds or 0.0 for seconds in row) for row in zip(*taken.seconds.values(), strict=True)]
        cells = []
        for measure in MEASURES:
            summary = figure_of(measure).summary
            predicted, real = float(summary.of(composed)), float(summary.of(_known(taken)))
            errors[measure].append(predicted / real - 1)
            cells += [f"{predicted * 1000:.2f}", f"{real * 1000:.2f}", f"{errors[measure][-1]:+.1%}"]
        rows.append(f"| `{pipeline}` | {' | '.join(cells)} |")
    return "\n".join([*_head(timed, errors, priority), *rows])


def _known(taken: PipelineSeconds) -> list[float]:
    return [seconds for seconds in taken.end_to_end if seconds is not None]


def _head(timed: dict[Pipeline, PipelineSeconds], errors: dict[str, list[float]], priority: str) -> list[str]:
    samples = sum(taken.conditions.samples for taken in timed.values())
    unsettled = sum(taken.conditions.unsettled for taken in timed.values())
    cells = sum(len(row) for taken in timed.values() for row in taken.seconds.values())
    everything = [abs(error) for row in errors.values() for error in row]
    lines = [
        "# Composed latency beside measured latency",
        "",
        "Written by `python bench/latency.py`; see there for how it is measured. Milliseconds.",
        "",
        f"{len(timed)} pipelines of `examples/wikipedia.yaml`, {len(next(iter(timed.values())).end_to_end)} questions, "
        f"on {host_name()}, {priority}. {samples:,} runs stand behind the stages; {unsettled / cells:.1%} of the stage "
        "seconds rest on runs that were disturbed every time.",
        "",
        "| | median error | worst error |",
        "|---|---|---|",
    ]
    for name, row in {**errors, "both": everything}.items():
        size = [abs(error) for error in row]
        lines.append(f"| {name} | {statistics.median(size):.1%} | {max(size):.1%} |")
    columns = " | ".join(f"{name[8:]} composed | measured | error" for name in MEASURES)
    return [*lines, "", f"| pipeline | {columns} |", f"|---|{'---|' * 3 * len(MEASURES)}"]


def _take_priority() -> str:
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))
    except (AttributeError, PermissionError):
        return "one thread, at normal priority"
    return "one thread, at real-time priority"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pipelines", type=int, default=32)
    parser.add_argument("--questions", type=int, default=36)
    parser.add_argument("--rounds", type=int, default=3, help="undisturbed runs of each work and question at most")
    parser.add_argument("--seconds", type=float, default=280.0, help="after which no run is repeated")
    parser.add_argument("--output", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
