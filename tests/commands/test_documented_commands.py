"""What the pages tell a reader to type can be typed: every command in a block of README.md and docs/."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command

from tests.commands.conftest import Run
from tradespace.cli import app
from tradespace.commands import forecast
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.storage.study import StudyFolder
from tradespace.reports.info import pipeline_numbers

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
COMMANDS = [
    pytest.param(shlex.split(line, comments=True), id=line.partition("#")[0].strip())
    for page in PAGES
    for line in re.findall(r"^ *(?:\$ )?tradespace (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
]
README = PAGES[0].read_text(encoding="utf-8")
MADE = {"init", "check", "explore", "analyse", "data", "schema", "serve", "load", "split", "import", "judge"}
"""Commands that are given files or a server instead of a study, that last (`tests/serving/test_documented.py`), or that
ask about stages or a judge which this study lacks."""


@pytest.mark.parametrize("words", COMMANDS)
def test_a_documented_command_is_one(words: list[str]) -> None:
    """The command exists, and takes these arguments and options."""
    command = get_command(app)
    words = words[: words.index(">")] if ">" in words else words
    while hasattr(command, "commands"):
        name, *words = words
        command = command.commands[name]
    command.make_context(command.name, list(words))


@pytest.mark.parametrize("words", [command for command in COMMANDS if command.values[0][0] not in MADE])
def test_a_documented_query_of_a_study_runs(
    run: Run, copies: tuple[Path, Path], words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a study that was explored; two of them where one is merged into another. The recommended pipeline is compared
    with any other."""
    study, other = copies
    monkeypatch.chdir(study.parent)
    filled = [str(other if word == "studies/OTHER" else study) if "studies/" in word else word for word in words]
    if filled[0] == "questions" and "--compare" in filled:
        filled[filled.index("--compare") + 1] = another_than_recommended(study)
    ran = run(*filled)
    assert ran.code == 0, ran.err


def another_than_recommended(study: Path) -> str:
    """The number of a pipeline that is not the recommended one: which that is depends on how fast the machine was."""
    results = StudyFolder(study).results()
    recommended = conclude(results).recommended
    assert recommended is not None
    return next(
        str(number) for name, number in pipeline_numbers(results).items() if name != recommended.evaluation.pipeline
    )


@pytest.fixture
def copies(study: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Two copies of the small study."""
    from shutil import copytree

    return copytree(study, tmp_path / "study"), copytree(study, tmp_path / "other")


def test_the_readme_leads_from_documents_to_a_space(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its table of questions, its folder and its commands: inspected, written to a YAML file, checked."""
    (table,) = re.findall(r"```csv\n(.*?)```", README, re.DOTALL)
    documents = tmp_path / "my-data" / "documents"
    (documents / "shipping").mkdir(parents=True)
    (documents / "returns.md").write_text("A purchase may be returned within 30 days.")
    (documents / "shipping" / "costs.txt").write_text("Shipping is paid for by the customer.")
    (tmp_path / "my-data" / "questions.csv").write_text(table)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(forecast, "PLANNING_SECONDS", 1.0)  # of thousands of pipelines that nobody will run
    for command in ("data inspect", "init", "check"):
        words = next(each.values[0] for each in COMMANDS if " ".join(each.values[0]).startswith(f"{command} "))
        ran = run(*words)
        assert ran.code == 0, ran.err
    assert "2 questions" in run("data", "inspect", "my-data").out


def test_the_python_in_the_readme_runs(
    study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It prints the recommended pipeline and writes a report."""
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    exec(compile(code.replace("studies/space", str(study)), "README.md", "exec"), {})
    assert "bm25(" in capsys.readouterr().out
    assert (tmp_path / "report.html").stat().st_size > 100_000
