"""What a running system was seen to take."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from tradespace.data.traces import RecordedRequest, StageUse
from tradespace.errors import FileError, InputError
from tradespace.explorer.observed import ObservedSystem, observed_system, read_observed


def request(
    seconds: float | None, *, failed: bool = False, usd: float | None = None, **scores: float
) -> RecordedRequest:
    """A request that took so long."""
    use = {"generate": StageUse(seconds, 100, 10, usd)}
    return RecordedRequest(0.0, seconds, failed, stages=use, usd=usd, scores=scores)


def test_figures_are_those_that_studies_have() -> None:
    """Latencies by their names, dollars for a thousand questions, scores by the names of measures."""
    some = [request(place / 100, usd=0.001, correctness=float(place % 2)) for place in range(1, 101)]
    system = observed_system(some, ["otlp"], {"correctness": "answer_f1"})
    assert (system.requests, system.failed, system.recorded_as) == (100, 0, ("otlp",))
    values = {name: figure.value for name, figure in system.figures.items()}
    assert values["latency_p95"] == 0.95 and values["latency_p50"] == 0.5
    assert (values["usd_per_1k"], values["answer_f1"]) == (pytest.approx(1.0), pytest.approx(0.5))
    p95 = system.figures["latency_p95"]
    assert p95.low is not None and p95.high is not None and p95.low < 0.95 < p95.high
    assert system.figures["latency_p99"].high is None  # with so few requests
    assert system.stages["generate"].tokens_in == 100


def test_a_failed_request_is_infinitely_slow_and_an_untimed_one_in_no_latency() -> None:
    """A figure that failures make infinite is left out, as a file can't hold it; the others count them."""
    some = [request(1.0)] * 18 + [request(0.1, failed=True)] * 2 + [request(None)] * 5
    system = observed_system(some)
    assert (system.failed, system.untimed) == (2, 5)
    assert system.figures["latency_p90"].value == 1.0 and system.figures["latency_p90"].n == 20
    assert not {"latency_p95", "latency_mean"} & system.figures.keys()


def test_scores_beyond_0_and_1_compare_with_none_of_ours() -> None:
    """They are left out, and so are all where scores are not kept."""
    some = [request(1.0, stars=4.0, helpful=1.0), request(1.0, stars=0.5)]
    assert {"helpful"} == observed_system(some, measures={}).figures.keys() - observed_system(some).figures.keys()
    assert observed_system(some, measures={}).figures["helpful"].n == 1


def test_it_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    """As JSON, which has no infinity."""
    system = observed_system([request(1.0, usd=0.5), request(2.0, failed=True)], ["phoenix"])
    file = tmp_path / "observed.json"
    file.write_text(system.model_dump_json())
    assert read_observed(file) == system
    assert all(math.isfinite(figure.value) for figure in system.figures.values())


@pytest.mark.parametrize(
    "text", ["{}", '{"requests": "many"}', "[]", '{"requests": 1, "more": 2}', '{"format": 2, "requests": 1}']
)
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    """With its name, and what is wrong."""
    file = tmp_path / "observed.json"
    file.write_text(text)
    with pytest.raises(InputError) as caught:
        read_observed(file)
    assert f"{file}: must be a file `observed.json` of `tradespace import`" in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """As all files are."""
    with pytest.raises(FileError, match=r"gone\.json: the file cannot be read"):
        read_observed(tmp_path / "gone.json")


def test_nothing_but_requests_is_needed() -> None:
    """A system of which no second, no dollar and no score is known has no figures."""
    assert observed_system([request(None)]).figures == {}
    assert ObservedSystem(requests=1).stages == {}
