"""A killed exploration loses the calls in flight and nothing else."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.processes import without_coverage
from tests.soak import repetitions
from tradespace.errors import StudyError
from tradespace.explorer.results import Evaluation
from tradespace.explorer.storage.study import StudyFolder

SPACE = """
name: crash
data: {questions: questions.jsonl, documents: documents, explore: 40, confirm: 10}
pipeline:
  retrieve:
    bm25: {k1: [0.6, 0.9, 1.2, 1.5], b: [0.1, 0.4, 0.7, 0.9], top_k: [1, 2, 3, 5, 8]}
  rerank: {none: {}}
objectives: {mrr: maximize, latency_p95: minimize}
search: {strategy: {tpe: {}}, budget: {pipelines: 60}, seed: 3, batch: 4}
"""
FILES = {
    ".lock",
    "answers.json",
    "artefacts",
    "evaluations.sqlite",
    "ledger.sqlite",
    "optuna.journal",
    "report.html",
    "space.yaml",
    "study.json",
}
"""What stands in a study; `answers.json` only where finalists answered differently, which timings have a say in."""
KILLS = repetitions(4, 200)
WORDS = "amber birch cedar dune ember fjord grove heath islet jade knoll marsh north oasis pine quarry".split()  # noqa: SIM905


def write_space(folder: Path) -> Path:
    """Fifty small documents, fifty questions with a known gold document, and a space of eighty pipelines."""
    generator = random.Random(1)
    (folder / "documents").mkdir()
    lines = []
    for number in range(50):
        words = generator.choices(WORDS, k=30)
        (folder / "documents" / f"{number}.txt").write_text(" ".join(words))
        asked = " ".join(generator.sample(words, k=4))
        lines.append(
            f'{{"id": "q{number}", "question": "{asked}", "answers": ["{words[0]}"], "gold": ["{number}.txt"]}}'
        )
    (folder / "questions.jsonl").write_text("\n".join(lines))
    (folder / "space.yaml").write_text(SPACE)
    return folder / "space.yaml"


def start(space: Path, study: Path, environment: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    """Start exploring in a process of its own, in the folder of the study, which is named as users name it."""
    study.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "tradespace", "explore", str(space), "--study", study.name]
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, stdout=pipe, stderr=subprocess.STDOUT, text=True, env=environment, cwd=study.parent
    )


def scored(study: Path) -> dict[str, Evaluation]:
    return {evaluation.pipeline: evaluation for evaluation in StudyFolder(study).results().explored}


def outcomes(study: Path) -> int:
    connection = sqlite3.connect(study / "ledger.sqlite")
    try:
        return int(connection.execute("select count(*) from outcomes").fetchone()[0])
    finally:
        connection.close()


@pytest.mark.crash
def test_an_exploration_killed_at_random_moments_ends_where_an_undisturbed_one_does(tmp_path: Path) -> None:
    """`kill -9`, then the same command: nothing stored is lost, and the search ends complete, with the scores that any
    run gives to the same pipelines.
    """
    space = write_space(tmp_path)
    began = time.monotonic()
    whole = start(space, tmp_path / "whole")
    assert whole.wait(timeout=300) == 0, whole.communicate()[0]
    duration = time.monotonic() - began
    generator, killed, known = random.Random(7), 0, 0
    for _ in range(KILLS):
        process = start(space, tmp_path / "killed")
        try:
            process.wait(timeout=generator.uniform(0.3, 0.9) * duration)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            killed += 1
        if (tmp_path / "killed" / "ledger.sqlite").exists():
            assert outcomes(tmp_path / "killed") >= known
            known = outcomes(tmp_path / "killed")
    assert killed
    last = start(space, tmp_path / "killed")
    assert last.wait(timeout=300) == 0, last.communicate()[0]
    alone, continued = scored(tmp_path / "whole"), scored(tmp_path / "killed")
    assert len(continued) == len(alone) == 60
    for pipeline in alone.keys() & continued.keys():
        assert continued[pipeline].scores == alone[pipeline].scores
    again = start(space, tmp_path / "killed")
    assert again.wait(timeout=300) == 0
    assert scored(tmp_path / "killed") == continued


DYING = """
import os, signal, sys
from pathlib import Path

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

{place}
from tradespace.cli import main
sys.argv = ["tradespace", "explore", *sys.argv[1:]]
main()
"""
HELD = {
    "the study's lock": "from tradespace.explorer.storage.study import StudyFolder; StudyFolder.save_space = die",
    "a file written aside": "Path.replace = die",
    "Optuna's journal": "os.fsync = die",
    "a first transaction": "from sqlalchemy import Engine, event; event.listen(Engine, 'commit', die)",
    "a transaction of the ledger": "from tradespace.explorer.storage import base; base.checksum_of = die",
    "an index that is built": "import bm25s; bm25s.BM25.save = die",
    "the report": "import tradespace.reports as reports; reports.write_report = die",
}
"""Everything that an exploration keeps others from touching while it works on it, and how to die there."""


@pytest.mark.crash
@pytest.mark.parametrize("place", HELD)
def test_whatever_a_killed_exploration_held_is_taken_over(place: str, tmp_path: Path) -> None:
    """The same command goes on at once and ends complete, with nothing left behind."""
    space, study = write_space(tmp_path), tmp_path / "study"
    space.write_text(space.read_text().replace("pipelines: 60", "pipelines: 8"))
    program = DYING.format(place=HELD[place])
    arguments = [sys.executable, "-c", program, space, "--study", study.name]
    killed = subprocess.run(arguments, check=False, timeout=300, cwd=tmp_path)
    assert killed.returncode == -signal.SIGKILL
    process = start(space, study)
    assert process.wait(timeout=60) == 0, process.communicate()[0]
    assert {file.name for file in study.iterdir()} | {"answers.json"} == FILES
    assert not list((study / "artefacts").glob(".*"))
    assert len(scored(study)) == 8


@pytest.mark.crash
def test_a_lock_that_an_older_version_left_at_optunas_journal_is_taken_over(tmp_path: Path) -> None:
    """It was a link that nobody gave back, and that leads nowhere."""
    space, study = write_space(tmp_path), tmp_path / "study"
    space.write_text(space.read_text().replace("pipelines: 60", "pipelines: 8"))
    study.mkdir()
    (study / "optuna.journal.lock").symlink_to("studies/study/optuna.journal")
    process = start(space, study)
    assert process.wait(timeout=60) == 0, process.communicate()[0]
    assert {file.name for file in study.iterdir()} | {"answers.json"} == FILES


@pytest.mark.crash
def test_ctrl_c_ends_with_a_report_of_what_is_known(tmp_path: Path) -> None:
    """The exit code is 130, the report is there, and the same command goes on to the end."""
    space, study = write_space(tmp_path), tmp_path / "study"
    process = start(space, study, without_coverage())
    wait_for_evaluations(study)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=120) == 130, process.communicate()[0]
    known = reported(study)
    assert start(space, study).wait(timeout=300) == 0
    assert {pipeline: scored(study)[pipeline] for pipeline in known} == known


@pytest.mark.crash
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_other_signals_that_ask_for_an_end_do_as_ctrl_c_does(number: signal.Signals, tmp_path: Path) -> None:
    """`kill`, as a scheduler sends it, and a hang-up."""
    process = start(write_space(tmp_path), tmp_path / "study", without_coverage())
    wait_for_evaluations(tmp_path / "study")
    process.send_signal(number)
    assert process.wait(timeout=120) == 130, process.communicate()[0]
    assert reported(tmp_path / "study")


@pytest.mark.crash
@pytest.mark.parametrize("pause", [0.0, 0.02, 0.3])
def test_pressing_ctrl_c_again_and_again_changes_nothing(pause: float, tmp_path: Path) -> None:
    """However quickly: what the first one began is brought to its end."""
    process = start(write_space(tmp_path), tmp_path / "study", without_coverage())
    wait_for_evaluations(tmp_path / "study")
    end = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < end:
        process.send_signal(signal.SIGINT)
        time.sleep(pause)
    out = process.communicate()[0]
    assert process.returncode == 130, out
    assert "Interrupted. What was stored is kept" in out
    assert reported(tmp_path / "study")


@pytest.mark.crash
def test_a_terminal_that_is_closed_ends_an_exploration_with_its_report(tmp_path: Path) -> None:
    """Though nothing can be printed any more."""
    space, (terminal, inside) = write_space(tmp_path), os.openpty()
    command = f"exec {sys.executable} -m tradespace explore {space} --study study"
    process = subprocess.Popen(
        ["setsid", "--ctty", "sh", "-c", command],
        stdin=inside, stdout=inside, stderr=inside, cwd=tmp_path, env=without_coverage(),
    )  # fmt: skip
    os.close(inside)
    wait_for_evaluations(tmp_path / "study")
    os.close(terminal)
    assert process.wait(timeout=120) == 130
    assert reported(tmp_path / "study")


def reported(study: Path) -> dict[str, Evaluation]:
    """What an interrupted exploration knows; its report is whole."""
    assert (study / "report.html").read_text().endswith("</html>")
    known = scored(study)
    assert 0 < len(known) < 60
    return known


def wait_for_evaluations(study: Path) -> None:
    """Until the first batch is stored."""
    for _ in range(1200):
        time.sleep(0.05)
        try:
            if scored(study):
                return
        except (StudyError, OSError):
            continue
    raise AssertionError("nothing was evaluated in a minute")


@pytest.mark.crash
@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk takes root")
def test_a_full_disk_is_explained_and_what_was_stored_is_kept(tmp_path: Path) -> None:
    """The message says what to do; with more room the same command goes on."""
    space, disk = write_space(tmp_path), tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk], check=False)
    if mounted.returncode:
        pytest.skip("this machine does not allow mounting")
    try:
        process = start(space, disk / "study")
        assert process.wait(timeout=300) == 1
        assert "disk space" in process.communicate()[0]
        subprocess.run(["mount", "-o", "remount,size=100m", disk], check=True)
        assert start(space, disk / "study").wait(timeout=300) == 0
        assert len(scored(disk / "study")) == 60
    finally:
        subprocess.run(["umount", "-l", disk], check=True)
