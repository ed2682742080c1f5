"""What commands say of judged scores: before they are made, of all, and question by question."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import Run, explored
from tests.explorer.test_judging import HOMES, UNREADABLE, judged_space, write_homes
from tradespace.explorer.storage.study import StudyFolder


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A space whose answers a recorded model judges."""
    folder = tmp_path_factory.mktemp("judged")
    write_homes(folder)
    (folder / "space.yaml").write_text(judged_space(folder, "{strategy: grid}"))
    return folder / "space.yaml"


@pytest.fixture(scope="module")
def judged_study(space: Path) -> Path:
    """It, explored."""
    return explored(space, space.parent / "study")


def test_check_says_what_judging_takes(run: Run, space: Path, tmp_path: Path) -> None:
    """How many of the calls judge; they are no part of a pipeline."""
    ran = run("check", space, "--study", tmp_path / "none")
    assert ran.code == 0
    assert "of these calls judge answers" in ran.out
    assert "No latency and no cost of a pipeline has them in it." in ran.out
    assert "right (judged_correct(model=replay(" in ran.out


def test_check_counts_what_the_ledger_lacks(run: Run, space: Path, judged_study: Path) -> None:
    """After exploring nothing is left to be judged."""
    assert "judge answers" not in run("check", space, "--study", judged_study).out


def test_show_and_report_say_how_scores_came_about(run: Run, judged_study: Path) -> None:
    """What judging took, and what could not be read."""
    calls = StudyFolder(judged_study).results().provenance.judging_calls
    shown = run("show", judged_study).out
    assert f"Judging answers took {calls} calls and $" in shown
    assert "for right could not be read" in shown
    page = (judged_study / "report.html").read_text()
    assert f"Judging answers took {calls} calls and $" in page
    assert f"{calls} of those made" in page


def test_questions_show_each_verdict_with_its_reason(run: Run, judged_study: Path) -> None:
    """In the judge's words; what could not be read is quoted, and has no score."""
    out = "".join(run("questions", judged_study, *more).out for more in ([], ["--confirm"]))
    assert "right: the judge says yes: 'verdict: yes'" in out
    assert out.count("right: no verdict can be read in what the judge replied: 'It depends.'") == 1
    assert f"In what does the {UNREADABLE} live?" in out
    assert out.count("right: ") == len(HOMES)


def test_what_the_judge_was_asked_is_shown_on_demand(run: Run, judged_study: Path) -> None:
    """Word for word, behind what other models were asked."""
    out = run("questions", judged_study, "--prompts").out
    assert "Is the answer to the question right?" in out
    assert "Reference answer: " in out and "Answer to be judged: " in out


def test_a_table_has_no_answers_to_judge(run: Run, tmp_path: Path) -> None:
    """Its scores are those that were measured elsewhere; a judge has nothing to read."""
    (tmp_path / "grid.csv").write_text("model,question,right\na,1,1\na,2,0\nb,1,1\nb,2,1\n")
    file = tmp_path / "space.yaml"
    file.write_text(
        "name: t\ndata: {table: grid.csv, explore: 1, confirm: 1}\n"
        "measures: {right: {judged_correct: {model: smollm2}}}\nobjectives: {right: maximize}\n"
    )
    ran = run("check", file)
    assert ran.code == 2
    assert "it holds no answers to score" in ran.err
