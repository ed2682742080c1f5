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
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.growth import SPACE
from bench.page import STUDIES, table, write
from tradespace.components.pipeline import Pipeline
from tradespace.data import load
from tradespace.evals.measures import MEASURES
from tradespace.explorer.caller import Caller
from tradespace.explorer.exploration import TIMED_QUESTIONS, Exploration
from tradespace.explorer.files import read_data, read_specification
from tradespace.explorer.ledger import Ledger
from tradespace.explorer.results import Evaluation, Split
from tradespace.explorer.runner import stream
from tradespace.explorer.scoring import ScoreSheet
from tradespace.explorer.study import Study
from tradespace.explorer.workbench import Workbench
from tradespace.search_space.pipeline_yaml import pipeline_yaml
from tradespace.search_space.specification import load_text

PIPELINES, QUESTIONS = 20_000, 100
GOALS = """
data: {dataset: microworld, explore: 100, confirm: 100}
objectives: {answer_contained: maximize, latency_p95: minimize}
sla: {latency_p95: 100 ms, split: [retrieve + rerank, generate]}
search: {strategy: random, budget: {pipelines: 4}, batch: 4}
"""
ROUNDS = 5
AT_ONCE = 1000


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
    with tempfile.TemporaryDirectory() as folder:
        make_study(Path(folder))
        command = [str(Path(sys.executable).parent / "tradespace")]
        commands = {
            "`python -c pass`": [sys.executable, "-c", "pass"],
            "`import tradespace`": [sys.executable, "-c", "import tradespace"],
            "`tradespace --help`": [*command, "--help"],
            f"`tradespace show` of {PIPELINES:,} pipelines": [*command, "show", folder],
        }
        rounds = [[seconds_of(one) for one in commands.values()] for _ in range(ROUNDS)]
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


def make_study(folder: Path) -> None:
    """Explore a little for real, then add the other pipelines."""
    sections = "\n".join(line for line in SPACE.splitlines() if not line.startswith(("data:", "objectives:")))
    (folder / "space.yaml").write_text(sections + GOALS)
    specification = read_specification(folder / "space.yaml")
    study = Study(folder)
    Exploration(specification, study, read_data(specification).dataset, Silent()).run()
    manifest = study.manifest()
    pipelines = random.Random(0).sample(list(load_text(SPACE).space.members()), PIPELINES)
    for start in range(0, PIPELINES, AT_ONCE):
        evaluations = scored(folder, pipelines[start : start + AT_ONCE])
        study.records.write(manifest.context, manifest.provenance.host, evaluations)


def scored(folder: Path, pipelines: Sequence[Pipeline]) -> list[Evaluation]:
    """Evaluations with real scores."""
    dataset = load("microworld")
    asked = dataset.split(QUESTIONS, QUESTIONS, seed=0).explore
    caller = Caller(Workbench(dataset.documents, STUDIES / "bench-artefacts"), Ledger(folder / "ledger.sqlite"))
    sheet = ScoreSheet(MEASURES, asked)
    for block in stream(caller, pipelines, [question.text for question in asked]):
        sheet.add(block)
    return [_evaluation(pipeline, sheet) for pipeline in pipelines]


def _evaluation(pipeline: Pipeline, sheet: ScoreSheet) -> Evaluation:
    generator = random.Random(str(pipeline))
    timed = TIMED_QUESTIONS[Split.EXPLORE]
    seconds = {str(role): tuple(generator.lognormvariate(-4, 0.5) for _ in range(timed)) for role in pipeline.online}
    return Evaluation(
        pipeline=str(pipeline),
        yaml=pipeline_yaml(pipeline),
        split=Split.EXPLORE,
        stages={str(role): repr(component) for role, component in pipeline.stages.items()},
        scores=sheet.scores(pipeline),
        seconds=seconds,
    )


if __name__ == "__main__":
    main()
