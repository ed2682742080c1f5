"""`tradespace ledger` shows, verifies, merges, prunes and repairs."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.commands.conftest import Run
from tradespace.explorer.storage.entries import Timing
from tradespace.explorer.storage.sqlite.ledger import SQLiteLedger
from tradespace.explorer.storage.study import StudyFolder


@pytest.fixture
def copy(study: Path, tmp_path: Path) -> Path:
    """A copy of the explored study."""
    return Path(shutil.copytree(study, tmp_path / "copy"))


def rows(folder: Path, table: str, file: str = "ledger.sqlite") -> int:
    with closing(sqlite3.connect(folder / file)) as connection:
        return int(connection.execute(f"select count(*) from {table}").fetchone()[0])


def calls_made(folder: Path) -> int:
    return int(json.loads((folder / "study.json").read_text())["provenance"]["calls_made"])


def destroy_a_page(path: Path) -> None:
    """Overwrite the page of an outcome in the middle of the file, not one of the index, which would cost nothing."""
    with closing(SQLiteLedger(path)) as ledger:
        keys = [entry.key for batch in ledger.entries() for entry in batch]
    data, size = bytearray(path.read_bytes()), SQLiteLedger.page_bytes
    leaves = [at for at in range(0, len(data), size) if data[at] == 0x0D]
    at = next(at for key in keys[len(keys) // 2 :] for at in leaves if key in data[at : at + size])
    data[at : at + size] = b"\xa5" * size
    path.write_bytes(data)


@pytest.mark.parametrize("command", ["show", "verify", "merge", "prune", "repair"])
def test_each_command_has_help(run: Run, command: str) -> None:
    """Every command says what it does."""
    ran = run("ledger", command, "--help")
    assert ran.code == 0
    assert command in ran.out


def test_show_counts_outcomes_timings_and_how_often_calls_were_shared(run: Run, study: Path) -> None:
    """The figures are those of the file and of the exploration."""
    ran = run("ledger", "show", study)
    assert ran.code == 0
    assert f"outcomes  {rows(study, 'outcomes'):,}" in ran.out
    assert f"timings   {rows(study, 'timings'):,} samples" in ran.out
    assert f"{calls_made(study):,} calls made" in ran.out
    assert StudyFolder(study).manifest().provenance.host in ran.out


def test_a_sound_study_is_said_to_be_sound(run: Run, study: Path) -> None:
    """With the number of outcomes that were looked at."""
    ran = run("ledger", "verify", study)
    assert ran.code == 0
    assert f"Sound: {rows(study, 'outcomes'):,} outcomes" in ran.out


def test_a_damaged_page_is_found_explained_and_repaired(run: Run, space: Path, tmp_path: Path) -> None:
    """`verify` and `explore` end with 1 and name the remedy; repaired, only what was lost is called again.

    Latencies, which are foretold from all timings there are by then, decide nothing here.
    """
    scored = space.parent / "scored.yaml"
    scored.write_text(space.read_text().replace(", latency_p95: minimize", "").replace("{tpe: {}}", "random"))
    assert run("explore", scored, "--study", tmp_path / "study").code == 0
    copy = Path(shutil.copytree(tmp_path / "study", tmp_path / "copy"))  # which nobody has open
    stored, made = rows(copy, "outcomes"), calls_made(copy)
    destroy_a_page(copy / "ledger.sqlite")
    (copy / "evaluations.sqlite").unlink()
    for command in (("ledger", "verify", copy), ("explore", scored, "--study", copy)):
        ran = run(*command)
        assert ran.code == 1
        assert f"tradespace ledger repair {copy}" in ran.err
    ran = run("ledger", "repair", copy)
    assert ran.code == 0
    saved = rows(copy, "outcomes")
    assert f"Saved {saved:,} outcomes and {rows(copy, 'timings'):,} timings" in ran.out
    assert 0.95 * stored < saved < stored
    assert run("ledger", "verify", copy).code == 0
    assert run("explore", scored, "--study", copy).code == 0
    assert calls_made(copy) - made == stored - saved
    assert rows(copy, "outcomes") == stored


def test_damaged_evaluations_are_found_and_cost_no_call(run: Run, copy: Path) -> None:
    """The message says that they may be moved away."""
    StudyFolder(copy).evaluations.close()
    with (copy / "evaluations.sqlite").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * 16 * 4096)
    ran = run("ledger", "verify", copy)
    assert ran.code == 1
    assert "evaluations.sqlite is damaged" in ran.err
    assert "Move it away and explore again" in ran.err


def test_merging_adds_what_is_new_and_nothing_twice(run: Run, copy: Path, study: Path, tmp_path: Path) -> None:
    """The other study is left as it was."""
    with closing(StudyFolder(copy).ledger) as ledger:
        held = ledger.contents()
        ledger.forget_components([share.name for share in held.outcomes])
        ledger.forget_hosts([share.name for share in held.timings])
    outcomes, timings = rows(study, "outcomes"), rows(study, "timings")
    ran = run("ledger", "merge", copy, study)
    assert ran.code == 0
    assert f"{outcomes:,} outcomes and {timings:,} timings" in ran.out
    assert "0 outcomes and 0 timings" in run("ledger", "merge", copy, study).out
    assert (rows(copy, "outcomes"), rows(copy, "timings")) == (outcomes, timings)
    assert (rows(study, "outcomes"), rows(study, "timings")) == (outcomes, timings)


def test_a_study_is_not_merged_with_itself(run: Run, study: Path) -> None:
    """That would be a typing error."""
    ran = run("ledger", "merge", study, study / ".." / study.name)
    assert ran.code == 2
    assert "must be two studies" in ran.err


def test_pruning_removes_no_outcome_and_no_timing_that_is_not_named(run: Run, copy: Path) -> None:
    """Evaluations of a space that is no longer explored go; a dry run only counts them."""
    study = StudyFolder(copy)
    here = study.manifest()
    kept = study.results().explored
    study.evaluations.write("another space", here.provenance.host, kept[:7])
    before = rows(copy, "outcomes"), rows(copy, "timings")
    ran = run("ledger", "prune", copy, "--dry-run")
    assert ran.code == 0
    assert "Would remove 7 evaluations, 0 outcomes and 0 timings" in ran.out
    assert "Removed 7 evaluations" in run("ledger", "prune", copy).out
    assert "Removed 0 evaluations" in run("ledger", "prune", copy).out
    assert (rows(copy, "outcomes"), rows(copy, "timings")) == before
    assert StudyFolder(copy).results().explored == kept


def test_pruning_forgets_a_host_and_a_component_that_are_named(run: Run, copy: Path) -> None:
    """Their timings and outcomes go, those of others stay."""
    ledger = StudyFolder(copy).ledger
    ledger.write({bytes(32): b'j{"answer":["a",1.0,null,null]}'}, "old_reader")
    ledger.record([Timing("old host", "w", "q", 0.1, {})])
    outcomes, timings = rows(copy, "outcomes"), rows(copy, "timings")
    ran = run("ledger", "prune", copy, "--host", "old host", "--component", "old_reader")
    assert ran.code == 0
    assert "1 outcomes and 1 timings" in ran.out
    assert (rows(copy, "outcomes"), rows(copy, "timings")) == (outcomes - 1, timings - 1)


@pytest.mark.parametrize("option", ["--host", "--component"])
def test_a_name_that_the_ledger_does_not_hold_is_refused(run: Run, copy: Path, option: str) -> None:
    """With those that it holds."""
    ran = run("ledger", "prune", copy, option, "nowhere")
    assert ran.code == 2
    assert f"{option} must be one that the ledger holds" in ran.err


def test_a_study_that_is_being_explored_is_not_changed(run: Run, copy: Path, study: Path) -> None:
    """Nor merged into, nor repaired."""
    with StudyFolder(copy).lock():
        for command in (["prune", copy], ["merge", copy, study], ["repair", copy]):
            ran = run("ledger", *command)
            assert ran.code == 1
            assert "is being explored by another process" in ran.err


@pytest.mark.parametrize("command", ["show", "verify", "prune", "repair"])
def test_a_folder_without_a_study_is_explained(run: Run, tmp_path: Path, command: str) -> None:
    """No ledger is made by looking for one."""
    ran = run("ledger", command, tmp_path)
    assert ran.code == 1
    assert "holds no study" in ran.err
    assert not list(tmp_path.iterdir())
