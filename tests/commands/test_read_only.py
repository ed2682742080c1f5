"""A study that cannot be written can be read: in an archive, on a read-only disk, in another user's folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.conftest import Run
from tests.processes import read_only

QUESTION = "amber birch cedar dune"
READING = [
    ("status",),
    ("show",),
    ("show", "--sla", "80 ms"),
    ("ask", QUESTION),
    ("questions",),
    ("ledger", "show"),
    ("ledger", "verify"),
    ("ledger", "prune", "--dry-run"),
]


@pytest.fixture
def archived(study: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of the explored study that nobody can write."""
    folder = Path(shutil.copytree(study, tmp_path / "archived"))
    with read_only(folder):
        yield folder


def files(folder: Path) -> dict[str, int]:
    return {str(file.relative_to(folder)): file.stat().st_mtime_ns for file in folder.rglob("*")}


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_what_reads_prints_what_it_prints_elsewhere(
    command: tuple[str, ...], run: Run, study: Path, archived: Path
) -> None:
    """The same, and nothing is written."""
    words = [word for word in command if word not in ("--sla", "80 ms", "--dry-run", QUESTION)]
    options = command[len(words) :]
    before = files(archived)
    there, here = run(*words, archived, *options), run(*words, study, *options)
    assert there.code == here.code, there.err
    assert lasting(there.out, archived) == lasting(here.out, study)
    assert files(archived) == before


def lasting(out: str, folder: Path) -> list[str]:
    """The lines without the study's name, its size and what was measured just now, with tables as wide as that makes
    them."""
    lines = [line.strip() for line in out.replace(str(folder), "STUDY").splitlines()]
    return [line for line in lines if not set(line) & set("│─━┃") and not line.startswith("size") and "MB" not in line]


def test_the_report_is_written_elsewhere(run: Run, archived: Path, tmp_path: Path) -> None:
    """Where it is told; without being told, the message says how."""
    assert run("report", archived, "--output", tmp_path / "elsewhere.html").code == 0
    assert (tmp_path / "elsewhere.html").read_text().startswith("<!doctype html>")
    refused = run("report", archived)
    assert refused.code == 2
    assert "cannot be written: say where the report goes with --output" in refused.err


def test_what_was_not_copied_is_built_elsewhere(run: Run, study: Path, tmp_path: Path) -> None:
    """An archive without its indexes answers all the same."""
    folder = Path(shutil.copytree(study, tmp_path / "small", ignore=shutil.ignore_patterns("artefacts")))
    with read_only(folder):
        ran = run("ask", folder, QUESTION)
    assert ran.code == 0, ran.err
    assert lasting(ran.out, folder) == lasting(run("ask", study, QUESTION).out, study)
    assert not (folder / "artefacts").exists()


def test_another_study_is_merged_from_it(run: Run, study: Path, archived: Path, tmp_path: Path) -> None:
    """What is read need not be written."""
    into = Path(shutil.copytree(study, tmp_path / "into"))
    ran = run("ledger", "merge", into, archived)
    assert ran.code == 0, ran.err
    assert "0 outcomes and 0 timings" in ran.out


def test_exploring_into_it_is_refused(run: Run, space: Path, archived: Path) -> None:
    """At once, with what can be done."""
    ran = run("explore", space, "--study", archived)
    assert ran.code == 1
    assert f"{archived} cannot be written. It can be read" in ran.err
