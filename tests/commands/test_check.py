"""`check` says first what it does not know, and finds out on request; on a real server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.conftest import Run
from tradespace.commands import forecast
from tradespace.explorer.storage.study import StudyFolder
from tradespace.testing.completion_server import CompletionServer, completion_server

SPACE = """
name: remote
data: {{dataset: microworld, explore: 6, confirm: 0}}
pipeline:
  retrieve: {{bm25: {{top_k: 3}}}}
  generate:
    llm:
      model: {{openai: {{model: tiny, base_url: "{url}", format: tiny_reasoner, attempts: 1}}}}
      strategy: direct
      passages: 2
objectives: {{answer_em: maximize}}
prices: {{host_usd_per_hour: 0, models: {{tiny: {{{price}}}}}}}
search: {{strategy: grid}}
"""


@pytest.fixture
def server() -> Iterator[CompletionServer]:
    with completion_server() as running:
        yield running


def write(folder: Path, url: str, price: str) -> Path:
    file = folder / "space.yaml"
    file.write_text(SPACE.format(url=url, price=price))
    return file


def test_what_is_not_known_comes_first(run: Run, server: CompletionServer, tmp_path: Path) -> None:
    """Nobody has asked the model yet: neither its time nor what that costs by the hour is known."""
    ran = run("check", write(tmp_path, server.url, "usd_per_hour: 3600"), "--study", tmp_path / "study")
    assert ran.code == 0
    unknown = ran.out.index("It is not known how long 6 calls of tiny take.")
    cost = ran.out.index("It is not known what 6 calls of tiny cost.")
    assert unknown < cost < ran.out.index("Estimated for what is known of these calls")
    assert "--probe" in ran.out
    assert server.bodies == []


def test_a_probe_finds_out(run: Run, server: CompletionServer, tmp_path: Path) -> None:
    """Two short requests say how fast the model writes, and so what an hour of its machine comes to."""
    ran = run("check", write(tmp_path, server.url, "usd_per_hour: 3600"), "--study", tmp_path / "study", "--probe")
    assert ran.code == 0
    assert "tiny answers, and writes" in ran.out
    assert "not known" not in ran.out
    assert "completions as long as they may be" in ran.out
    assert len(server.bodies) == 2


def test_a_server_that_does_not_answer_the_probe_is_told(run: Run, tmp_path: Path) -> None:
    """What it would have told stays unknown."""
    file = write(tmp_path, "http://127.0.0.1:9/v1", "usd_per_hour: 3600")
    ran = run("check", file, "--study", tmp_path / "study", "--probe")
    assert ran.code == 0
    assert "does not answer" in ran.out
    assert "It is not known how long" in ran.out
    assert "--probe" not in ran.out, "it was given"
    assert "State `tokens_per_second` under `prices: models:`." in ran.out


def test_a_speed_that_is_said_is_believed(run: Run, server: CompletionServer, tmp_path: Path) -> None:
    """Nothing is asked for it."""
    file = write(tmp_path, server.url, "usd_per_hour: 3600, tokens_per_second: 50")
    ran = run("check", file, "--study", tmp_path / "study")
    assert "not known" not in ran.out
    assert server.bodies == []


def test_components_that_there_was_no_time_to_try_are_no_remote_models(
    run: Run, space: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Asking a server would not help: it is said that they were not tried."""
    monkeypatch.setattr(forecast, "PLANNING_SECONDS", 0.0)
    ran = run("check", space, "--study", tmp_path / "none")
    assert ran.code == 0
    assert "take. They were not tried: 0 s were spent on the others." in ran.out
    assert "--probe" not in ran.out


@pytest.mark.parametrize(
    ("confirm", "ends"), [(0, "timing the stages comes on top"), (3, "confirming 1 finalist come")]
)
def test_no_more_finalists_are_promised_than_will_be_confirmed(
    run: Run, server: CompletionServer, tmp_path: Path, confirm: int, ends: str
) -> None:
    """None without questions to confirm, and no more than there are pipelines."""
    file = write(tmp_path, server.url, "usd_per_hour: 3600, tokens_per_second: 50")
    file.write_text(file.read_text().replace("confirm: 0", f"confirm: {confirm}"))
    ran = run("check", file, "--study", tmp_path / "study")
    assert ends in ran.out
    assert ("confirm questions" in ran.out) == bool(confirm)


def test_of_a_study_it_says_how_much_is_known(run: Run, space: Path, study: Path) -> None:
    """Of all calls of the space, and how many pipelines would cost nothing."""
    ran = run("check", space, "--study", study)
    assert ran.code == 0
    assert re.search(r"\d+ % of these calls are known; \d+ pipelines lack none\.", ran.out)


def test_it_says_what_one_pipeline_would_still_cost(run: Run, space: Path, study: Path) -> None:
    """Nothing where it was evaluated; else what its missing calls take. One that is not in the space is pointed out."""
    explored = StudyFolder(study).results().explored[0].pipeline
    other = "bm25(k1=0.123, top_k=2)"
    ran = run("check", space, "--study", study, "--pipeline", explored, "--pipeline", other)
    assert ran.code == 0
    said = " ".join(ran.out.split())
    assert re.search(rf"{re.escape(explored)} costs nothing more: all of its \d+ calls are known\.", said)
    assert re.search(rf"{re.escape(other)} costs about [\d.]+ s more: 0 % of its \d+ calls are known\.", said)
    assert f"warning: {other} is not in this space" in said
    assert f"warning: {explored} is not" not in said


def test_a_pipeline_that_cannot_be_read_is_refused(run: Run, space: Path) -> None:
    """Before any data is read."""
    ran = run("check", space, "--pipeline", "bm52()")
    assert ran.code == 2
    assert "did you mean 'bm25'?" in ran.err


def test_deployments_and_loads_are_counted(run: Run, server: CompletionServer, tmp_path: Path) -> None:
    """And that they take no call."""
    file = write(tmp_path, server.url, "usd_per_hour: 3600")
    section = "deployment: {load: {rate: [1 per s, 2 per s]}, stages: {generate: {replicas: [1, 2, 4]}}}"
    file.write_text(f"{file.read_text()}{section}\n")
    ran = run("check", file, "--study", tmp_path / "study")
    assert ran.code == 0
    assert "Up to 3 deployments of each pipeline, under 2 loads: what they do is computed" in ran.out


def test_the_time_with_many_workers_is_estimated(run: Run, space: Path, tmp_path: Path) -> None:
    """On request, of a space and of a pipeline; it is said to be an estimate, and why it is no less."""
    for words in ([], ["--pipeline", "bm25(top_k=2)"]):
        ran = run("check", space, "--study", tmp_path / "study", "--workers", "8", *words)
        assert ran.code == 0
        assert "With 8 workers as fast as this machine, an estimate: about" in ran.out
        assert "of the workers have something to do" in ran.out
        assert "workers" not in run("check", space, "--study", tmp_path / "study", *words).out
