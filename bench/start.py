"""How soon an answer is there: importing, asking for help, and showing a study of 20,000 pipelines.

    python bench/start.py

Each command is a process of its own, beside one of Python that does nothing. The study's pipelines are real and really
scored; only their seconds are drawn at random, because `show` reads figures and does not care where they come from.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.growth import SPACE
from bench.page import STUDIES, table, write
from tradespace.components.base import Component, Pipeline
from tradespace.data import load_dataset
from tradespace.evals.measures import MEASURES
from tradespace.explorer.exploration import Exploration
from tradespace.explorer.results import Evaluation, QuestionSet
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.explorer.running.runner import stream
from tradespace.explorer.running.scoring import ScoreSheet
from tradespace.explorer.storage.study import StudyFolder
from tradespace.search_space.pipeline_yaml import pipeline_yaml
from tradespace.search_space.specification import load_text
from tradespace.types import Question

PIPELINES, QUESTIONS = 20_000, 100
GOALS = """
data: {dataset: microworld, explore: 100, confirm: 100}
objectives: {answer_contained: maximize, latency_p95: minimize}
sla: {latency_p95: 100 ms, split: [retrieve + rerank, generate]}
search: {strategy: random, budget: {pipelines: 4}, batch: 4}
"""
ROUNDS = 5
AT_ONCE = 1000
STUDY = StudyFolder(STUDIES / "bench-start")
"""Kept, so that only the first run has to make it; a run that was cut short is continued."""


class Silent:
    """Listens to an exploration and says nothing."""

    def phase(self, title: str) -> None:
        """Nothing."""

    def searching(self, status: object) -> None:
        """Nothing."""

    def warn(self, messages: Sequence[str]) -> None:
        """Nothing."""


def main() -> None:
    """Make the study, time the commands in turns, and write the table."""
    make_study(STUDY)
    command = [str(Path(sys.executable).parent / "tradespace")]
    commands = {
        "`python -c pass`": [sys.executable, "-c", "pass"],
        "`import tradespace`": [sys.executable, "-c", "import tradespace"],
        "`tradespace --help`": [*command, "--help"],
        f"`tradespace show` of {PIPELINES:,} pipelines": [*command, "show", str(STUDY.folder)],
    }
    rounds = [[seconds_of(command) for command in commands.values()] for _ in range(ROUNDS)]
    rows = []
    for name, column in zip(commands, zip(*rounds, strict=True), strict=True):
        wall, processor = (median(values) for values in zip(*column, strict=True))
        rows.append([name, f"{processor:.2f} s", f"{wall:.2f} s"])
    write("start", table(["", "processor time", "wall time"], rows))


def seconds_of(command: Sequence[str]) -> tuple[float, float]:
    """Wall and processor seconds of one process."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    if done.returncode not in (0, 3):  # 3: nothing kept the service level, which is an answer too
        raise SystemExit(f"{command} ended with {done.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - start, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def make_study(study: StudyFolder) -> None:
    """Explore a little for real, then add the other pipelines, those that are not there yet."""
    dataset = load_dataset("microworld")
    if not study.exists or study.manifest().provenance.interrupted:
        study.folder.mkdir(parents=True, exist_ok=True)
        sections = "\n".join(line for line in SPACE.splitlines() if not line.startswith(("data:", "objectives:")))
        Exploration(load_text(sections + GOALS), study, dataset, Silent()).run()
    manifest = study.manifest()
    pipelines = random.Random(0).sample(list(load_text(SPACE).space.members()), PIPELINES)
    known = set(study.evaluations.pipelines(manifest.context, QuestionSet.EXPLORE))
    missing = [pipeline for pipeline in pipelines if str(pipeline) not in known]
    recorded_calls = RecordedCalls(OpenedComponents(dataset.documents, STUDIES / "bench-artefacts"), study.ledger)
    for start in range(0, len(missing), AT_ONCE):
        evaluations = scored(
            recorded_calls, missing[start : start + AT_ONCE], dataset.split(QUESTIONS, QUESTIONS, 0).explore
        )
        study.evaluations.write(manifest.context, manifest.provenance.host, evaluations)
        print(f"{PIPELINES - len(missing) + start + len(evaluations):,} pipelines", file=sys.stderr)


def scored(recorded_calls: RecordedCalls, pipelines: Sequence[Pipeline], asked: Sequence[Question]) -> list[Evaluation]:
    """Evaluations with real scores."""
    sheet = ScoreSheet(MEASURES, asked)
    for block in stream(recorded_calls, pipelines, [question.text for question in asked]):
        sheet.add(block)
    return [_evaluation(pipeline, sheet, len(asked)) for pipeline in pipelines]


def _evaluation(pipeline: Pipeline, sheet: ScoreSheet, questions: int) -> Evaluation:
    return Evaluation(
        pipeline=str(pipeline),
        yaml=pipeline_yaml(pipeline),
        question_set=QuestionSet.EXPLORE,
        stages={stage: repr(component) for stage, component in pipeline.stages.items()},
        scores=sheet.scores(pipeline),
        seconds=_seconds(list(pipeline.online.items()), questions),
    )


def _seconds(stages: Sequence[tuple[str, Component]], questions: int) -> dict[str, tuple[float, ...]]:
    """Behind the same stages a stage is given the same, and takes the same seconds."""
    drawn: dict[str, tuple[float, ...]] = {}
    for depth, (role, _) in enumerate(stages, start=1):
        generator = random.Random(repr(stages[:depth]))
        drawn[str(role)] = tuple(generator.lognormvariate(-4, 0.5) for _ in range(questions))
    return drawn


if __name__ == "__main__":
    main()
