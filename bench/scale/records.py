"""What is run, what came of it, and how that is kept: one file of JSON for each run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict

FOLDER = Path(__file__).parents[2] / "runs" / "scale"
"""Where runs are kept until the page is written; git ignores it."""


class ScaleCase(BaseModel):
    """A round of calls, and who makes them.

    Attributes:
        bench: `sides`, `strong`, `weak` or `driver`.
        work: what is called.
        workers: on Ray; 0 makes the calls in this process.
        size: how much there is to do, as the work counts it.
        seed: tells repeats apart.
    """

    model_config = ConfigDict(frozen=True)

    bench: str
    work: str
    workers: int
    size: int
    seed: int = 0

    @property
    def file_name(self) -> str:
        """What its run is kept as."""
        return f"{self.bench}-{self.work}-{self.workers}-{self.size}-{self.seed}.json"


class ScaleRun(BaseModel):
    """What came of a case.

    Attributes:
        started: seconds until all workers had made a first batch: Ray's start, theirs, and opening components.
        seconds: of wall time after that, for all calls, storing included.
        driver_seconds: of processor time that whoever explores took of them, Ray's own threads included.
        calls, batches: how many were made.
    """

    model_config = ConfigDict(frozen=True)

    case: ScaleCase
    started: float
    seconds: float
    driver_seconds: float
    calls: int
    batches: int


def keep(run: ScaleRun, folder: Path) -> None:
    """Keep a run."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / run.case.file_name).write_text(run.model_dump_json(indent=1) + "\n", encoding="utf-8")


def kept_runs(folder: Path) -> Iterator[ScaleRun]:
    """All that were kept."""
    for file in sorted(folder.glob("*.json")):
        yield ScaleRun.model_validate_json(file.read_text(encoding="utf-8"))
