"""What was predicted and measured of a run, and how it is kept: one file of JSON for each run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict

FOLDER = Path(__file__).parents[2] / "runs" / "load"
"""Where runs are kept until their page is written; git ignores it."""
QUANTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


class Kept(BaseModel):
    """A value that is written as JSON; what is infinite stays infinite."""

    model_config = ConfigDict(frozen=True, ser_json_inf_nan="strings")


class Range(Kept):
    """A predicted figure, and the interval that holds it for 90 % of such runs."""

    low: float
    value: float
    high: float

    def holds(self, figure: float) -> bool:
        """Whether a figure is in the interval."""
        return self.low <= figure <= self.high


class Parts(Kept):
    """Where the mean latency goes, in seconds.

    Attributes:
        queued: waiting for replicas, at all groups of stages together.
        served: in replicas, for whole batches.
        other: the gateway, the way there and back, and the generator.
        work: by group, seconds that its replicas work for each request.
    """

    queued: float
    served: float
    other: float
    work: dict[str, float]


class Predicted(Kept):
    """What a run was predicted to come to, before it was made.

    Attributes:
        quantiles: of the latency in seconds, by name.
        attainments: shares of requests that are answered within a bound, by the bound in seconds.
        parts: of the mean latency.
    """

    quantiles: dict[str, Range]
    attainments: dict[float, Range]
    parts: Parts


class Measured(Kept):
    """What came of a run.

    Attributes:
        latency: seconds from the planned time of each request to its answer; infinite where there was none.
        parts: of the mean latency, by the server's own account.
        lag: the 99th percentile of the seconds by which requests were sent late.
        failures: how many requests failed, by what was said.
    """

    latency: tuple[float, ...]
    parts: Parts
    lag: float = 0.0
    failures: dict[str, int] = {}


class Case(Kept):
    """A deployed pipeline under a load: what is repeated with other seeds.

    Attributes:
        system: its name among `SYSTEMS`.
        arrivals: their name among `ARRIVALS`.
        utilisation: of its busiest group, as predicted.
    """

    system: str
    arrivals: str
    utilisation: float

    @property
    def name(self) -> str:
        """For messages and file names."""
        return f"{self.system}, {self.arrivals}, {self.utilisation:g}"


class Run(Kept):
    """One run of a case.

    Attributes:
        seed: of arrivals and questions.
        rate: requests a second that were offered.
        seconds: for which they were offered.
        served: whether a server with continuous batching answers.
        predicted: from the process of its arrivals.
        replayed: from its arrivals themselves, so that chance has less of a part.
    """

    case: Case
    seed: int
    rate: float
    seconds: float
    served: bool
    predicted: Predicted
    replayed: Predicted
    measured: Measured
    machine: str = ""


class Capacity(Kept):
    """The highest rate at which a quantile of the latency keeps a bound in seconds, as predicted."""

    quantile: str
    bound: float
    rate: Range


class Capacities(Kept):
    """What a system was predicted to hold, by bound, before any of its runs."""

    system: str
    arrivals: str
    capacities: tuple[Capacity, ...]


def path_of_run(case: Case, seed: int, folder: Path = FOLDER) -> Path:
    """Where a run is kept."""
    return folder / "runs" / f"{case.system}-{case.arrivals}-{case.utilisation:g}-{seed}.json"


def path_of_capacities(system: str, arrivals: str, folder: Path = FOLDER) -> Path:
    """Where the predicted capacities of a system are kept."""
    return folder / "capacities" / f"{system}-{arrivals}.json"


def keep(record: Kept, path: Path) -> None:
    """Write one whole or not at all: what is there was finished."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(record.model_dump_json(), encoding="utf-8")
    draft.replace(path)


def kept_runs(folder: Path = FOLDER) -> Iterator[Run]:
    """All runs that were made so far, by file name."""
    for path in sorted((folder / "runs").glob("*.json")):
        yield Run.model_validate_json(path.read_text(encoding="utf-8"))


def kept_capacities(folder: Path = FOLDER) -> Iterator[Capacities]:
    """The predicted capacities of all systems, by file name."""
    for path in sorted((folder / "capacities").glob("*.json")):
        yield Capacities.model_validate_json(path.read_text(encoding="utf-8"))
