"""Traces of a running system, from the file to the report."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.commands.conftest import Run
from tests.data.traces.examples import ASKED, Asked, written
from tests.explorer.test_crash import write_space
from tradespace.data.traffic import read_trace
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.storage.study import StudyFolder

MANY = tuple(
    Asked(float(place), 0.25 + place / 100, f"Question {place}?", "Rollo", ("d1",), 1.0) for place in range(80)
)


def test_traces_become_data_a_load_and_a_point(run: Run, tmp_path: Path) -> None:
    """What was read, what it comes to, what was written and kept, and how to go on, are said."""
    out = tmp_path / "imported"
    ran = run("import", written(tmp_path, "langfuse"), "--out", out, "--score", "correctness=answer_f1")
    assert (ran.code, ran.err) == (0, "")
    assert "3 requests in 3 values of langfuse." in ran.out
    assert "1 request failed: infinitely slow" in ran.out
    assert "Kept: question, documents and scores; nothing else of the recordings." in ran.out
    assert f"data: {{dataset: {out}}}" in ran.out and f"trace: {out / 'load.csv'}" in ran.out
    assert {file.name for file in out.iterdir()} == {"questions.jsonl", "documents.jsonl", "load.csv", "observed.json"}
    observed = json.loads((out / "observed.json").read_text())
    assert observed["recorded_as"] == ["langfuse"] and observed["figures"]["answer_f1"]["value"] == 0.5
    assert len(read_trace(out / "load.csv")) == len(ASKED)


def test_an_earlier_import_is_replaced_only_on_demand(run: Run, tmp_path: Path) -> None:
    """Somebody may have added answers."""
    file, out = written(tmp_path, "phoenix"), tmp_path / "imported"
    assert run("import", file, "--out", out).code == 0
    refused = run("import", file, "--out", out)
    assert refused.code == 2 and "holds an earlier import: name another folder with --out" in refused.err
    assert run("import", file, "--out", out, "--force").code == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--keep", "answers"], "no field of a request is called 'answers'; did you mean 'answer'?"),
        (["--score", "correctness"], "--score must name a recorded score and a measure, as in correctness=answer_f1"),
        (["--pipeline", "bm52()"], "no component is called 'bm52'"),
    ],
)
def test_wrong_wishes_write_nothing(run: Run, tmp_path: Path, options: list[str], message: str) -> None:
    """They are found before a file is read."""
    refused = run("import", tmp_path / "not there.json", "--out", tmp_path / "imported", *options)
    assert refused.code == 2 and message in refused.err
    assert not (tmp_path / "imported").exists()


def test_broken_parts_are_warned_of(run: Run, tmp_path: Path) -> None:
    """With their places and counts."""
    file = written(tmp_path, "openinference")
    file.write_text(file.read_text() + '\n{"a": 1}\n{"cut": ')
    ran = run("import", file, "--out", tmp_path / "imported")
    assert ran.code == 0 and f"{file}:4: a value of no format that is known" in ran.out
    assert "left out: 1 × " in ran.out and f"{file}:5: must be one whole JSON value" in ran.out


def test_show_and_the_report_say_you_are_here(run: Run, study: Path, tmp_path: Path) -> None:
    """Beside a finished study: the system stands on a pipeline that was explored, and the way from it is told."""
    copy = StudyFolder(shutil.copytree(study, tmp_path / "study"))
    slowest = max(conclude(copy.results()).points, key=lambda point: point.figures["latency_p95"] or 0.0)
    out = tmp_path / "imported"
    pipeline = slowest.evaluation.pipeline
    assert run("import", written(tmp_path, "gen_ai", MANY), "--out", out, "--pipeline", pipeline).code == 0
    shown = run("show", copy.folder, "--observed", out / "observed.json")
    assert "You are here: a 95th-percentile latency of 1,000 ms (" in shown.out
    assert "over 80 recorded requests." in shown.out
    assert "change" in shown.out or "No explored pipeline is faster" in shown.out
    assert run("report", copy.folder, "--observed", out / "observed.json").code == 0
    assert "you are here" in copy.report_path.read_text(encoding="utf-8")
    assert "You are here" not in run("show", copy.folder).out
    refused = run("show", copy.folder, "--observed", copy.folder / "study.json")
    assert refused.code == 2 and "must be a file `observed.json` of `tradespace import`" in refused.err


def test_a_space_names_the_system_that_runs(run: Run, tmp_path: Path) -> None:
    """Exploring keeps it with the study; a file that is not there is found by `check`."""
    file = write_space(tmp_path)
    text = file.read_text().replace("pipelines: 60", "pipelines: 2")
    file.write_text(f"{text}observed: imported/observed.json\n")
    assert "observed.json: the file cannot be read" in run("check", file).err
    assert run("import", written(tmp_path, "gen_ai", MANY), "--out", tmp_path / "imported").code == 0
    study = StudyFolder(tmp_path / "study")
    explored = run("explore", file, "--study", study.folder)
    assert explored.code == 0 and "You are here: " in explored.out
    known = study.results().observed
    assert known is not None and known.requests == len(MANY)
