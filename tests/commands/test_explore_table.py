"""`tradespace explore` on a table that was measured elsewhere: the truth is known, and any strategy searches it."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
import yaml

from tests.commands.conftest import Run, explored
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.search import SEARCH_ALGORITHMS
from tradespace.explorer.storage.study import StudyFolder

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "measured-grid"


def written(folder: Path, strategy: str, **budget: int) -> Path:
    """The example with another strategy, beside no table: its path is made absolute."""
    space = yaml.safe_load((EXAMPLE / "space.yaml").read_text())
    space["data"]["table"] = str(EXAMPLE / space["data"]["table"])
    space["search"] = {"strategy": strategy, "budget": budget}
    (folder / "space.yaml").write_text(yaml.safe_dump(space))
    return folder / "space.yaml"


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The frontier of the whole grid."""
    folder = tmp_path_factory.mktemp("grid")
    explored(written(folder, "grid"), folder / "study")
    return frontier(folder / "study")


def frontier(study: Path) -> set[str]:
    return {point.evaluation.pipeline for point in conclude(StudyFolder(study).results()).frontier}


@pytest.mark.parametrize("strategy", list(SEARCH_ALGORITHMS))
def test_every_strategy_finds_the_frontier_of_a_grid(tmp_path: Path, strategy: str, truth: set[str]) -> None:
    """It ends by itself, and leaves a study like any other, with its report."""
    explored(written(tmp_path, strategy), tmp_path / "study")
    results = StudyFolder(tmp_path / "study").results()
    assert frontier(tmp_path / "study") == truth
    assert results.confirmed
    assert results.provenance.calls_made <= 27 * 54 + len(results.confirmed) * 53
    assert "Looked up" in (tmp_path / "study" / "report.html").read_text()


def test_a_budget_of_calls_ends_a_search(tmp_path: Path) -> None:
    """A call is a pair of pipeline and question that is looked up."""
    explored(written(tmp_path, "random", calls=54 * 8), tmp_path / "study")
    results = StudyFolder(tmp_path / "study").results()
    assert len(results.explored) == 8
    assert results.provenance.ended.startswith("the budget of 432 calls is spent")


def test_exploring_again_changes_nothing(tmp_path: Path) -> None:
    """What was looked up is known."""
    space = written(tmp_path, "tpe")
    explored(space, tmp_path / "study")
    before = StudyFolder(tmp_path / "study").results()
    explored(space, tmp_path / "study")
    after = StudyFolder(tmp_path / "study").results()
    assert (after.explored, after.confirmed) == (before.explored, before.confirmed)
    assert after.provenance.calls_made == before.provenance.calls_made


def test_another_table_is_another_exploration(tmp_path: Path) -> None:
    """Figures of a table that has changed since are not mixed with those of the new one."""
    rows = [
        f"{model},{question},{+(question % 3 > place)}" for place, model in enumerate("ab") for question in range(30)
    ]
    table = tmp_path / "grid.csv"
    table.write_text("\n".join(["model,id,right", *rows]))
    (tmp_path / "space.yaml").write_text(
        "name: s\ndata: {table: grid.csv, explore: 20, confirm: 10}\nobjectives: {right: maximize}\n"
    )
    explored(tmp_path / "space.yaml", tmp_path / "study")
    first = StudyFolder(tmp_path / "study").results()
    table.write_text(table.read_text().replace("b,1,0", "b,1,1"))
    explored(tmp_path / "space.yaml", tmp_path / "study")
    assert StudyFolder(tmp_path / "study").results().provenance.data_key != first.provenance.data_key
    assert len(StudyFolder(tmp_path / "study").results().explored) == 2


def test_what_analyse_reports_can_be_explored(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, truth: set[str]
) -> None:
    """Its report holds the search space, in which every column is said."""
    monkeypatch.chdir(tmp_path)
    options = ("--score", "sas", "--score", "faithfulness", "--range", "sas=-1..1")
    ran = run("analyse", EXAMPLE / "per_question.csv.gz", *options)
    assert ran.code == 0, ran.err
    page = unescape((tmp_path / "per_question.html").read_text(encoding="utf-8"))
    (space,) = re.findall(r"<code[^>]*>(name: .*?)</code></pre>", page, re.DOTALL)
    (tmp_path / "space.yaml").write_text(f"{space}search: {{strategy: grid}}\n")
    explored(tmp_path / "space.yaml", tmp_path / "study")
    assert frontier(tmp_path / "study") == truth


def test_check_counts_what_was_measured(run: Run) -> None:
    """Nothing is planned, as nothing is called."""
    ran = run("check", EXAMPLE / "space.yaml")
    assert ran.code == 0, ran.err
    assert "27 pipelines allowed" in ran.out
    assert "All figures stand in the table" in ran.out


def test_a_pipeline_of_a_table_cannot_be_asked(run: Run, tmp_path: Path) -> None:
    """Its answers are known nowhere; its scores are."""
    explored(written(tmp_path, "random", pipelines=3), tmp_path / "study")
    assert "was measured elsewhere" in run("ask", tmp_path / "study", "Who?").err
    questions = run("questions", tmp_path / "study")
    assert questions.code == 0, questions.err
    assert "only its figures are known" in questions.out
