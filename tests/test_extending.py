"""The page on parts of one's own says what is true: its code is run as it stands."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.processes import without_coverage
from tests.small_data import write_paragraphs

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
MODULES = {named[1]: block for block in BLOCKS if (named := re.match(r"# (\w+\.py)\n", block))}
CONTRACTS = "test_my_parts.py"
(REGISTERING,) = [block for block in BLOCKS if block.startswith("import tradespace\n")]
(POINTS,) = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
(SPACE,) = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The modules and the file of the page, with real paragraphs and questions."""
    write_paragraphs(tmp_path)
    for name, code in MODULES.items():
        (tmp_path / name).write_text(code)
    (tmp_path / "space.yaml").write_text(SPACE)
    return tmp_path


def install(folder: Path, project: str) -> None:
    """What pip writes for a package beside its modules."""
    read = tomllib.loads(project)["project"]
    information = folder / f"{read['name'].replace('-', '_')}-{read['version']}.dist-info"
    information.mkdir()
    (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {read['name']}\nVersion: {read['version']}\n")
    lines = [
        line
        for group, points in read["entry-points"].items()
        for line in (f"[{group}]", *(f"{name} = {target}" for name, target in points.items()))
    ]
    (information / "entry_points.txt").write_text("\n".join(lines))


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python there, with what is installed there."""
    path = os.pathsep.join([str(folder), str(ROOT)])
    environment = without_coverage() | {"PYTHONPATH": path, "HF_HUB_OFFLINE": "1"}
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def tradespace(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command there."""
    return python(folder, "-m", "tradespace", *arguments)


def test_installed_parts_are_explored_by_the_command_line(folder: Path) -> None:
    """The file of the page is checked and explored with all three, and its pipelines are read back."""
    install(folder, POINTS)
    checked = tradespace(folder, "check", "space.yaml")
    assert "shared_words (2)" in checked.stdout, checked.stderr
    assert "first_word can score 12 of 12 explore" in checked.stdout
    assert "warning: the " not in checked.stdout
    explored = tradespace(folder, "explore", "space.yaml")
    assert "Use this pipeline: first word" in explored.stdout, explored.stderr
    pipeline = "shared_words(top_k=1) >> sentence(passages=1)"
    asked = tradespace(folder, "ask", "studies/my-parts", "Who led the Normans?", "--pipeline", pipeline)
    assert asked.returncode == 0, asked.stderr
    listed = tradespace(folder, "questions", "studies/my-parts", "--pipeline", pipeline)
    assert "12 of 12 explore questions shown" in listed.stdout, listed.stderr


def test_installed_parts_are_in_the_schema(folder: Path) -> None:
    """Editors complete their names and settings, and show their docstrings."""
    install(folder, POINTS)
    schema = json.loads(tradespace(folder, "schema").stdout)
    component = schema["$defs"]["component shared_words"]
    assert component["description"].startswith("Passages that share the most words")
    assert "top_k" in component["properties"]
    assert "shared_words" in schema["properties"]["pipeline"]["properties"]["retrieve"]["anyOf"][0]["enum"]
    assert "by_length" in schema["properties"]["search"]["properties"]["strategy"]["anyOf"][0]["enum"]


def test_a_misspelt_part_is_answered_with_its_name(folder: Path) -> None:
    """Names of installed parts are valid ones."""
    install(folder, POINTS)
    text = SPACE.replace("shared_words:", "shared_wods:").replace("first_word:", "first_wod:")
    (folder / "space.yaml").write_text(text.replace("by_length", "by_lenght"))
    faults = tradespace(folder, "check", "space.yaml")
    assert faults.returncode == 2
    for name in ("shared_words", "first_word", "by_length"):
        assert f"did you mean '{name}'" in faults.stderr


def test_a_part_that_cannot_be_imported_breaks_nothing_else(folder: Path) -> None:
    """`check` names it and goes on; who asks for it is told why it is not there."""
    install(folder, POINTS)
    (folder / "my_parts.py").write_text("import a_module_that_nobody_has\n")
    (folder / "other.yaml").write_text(
        "name: other\ndata: {questions: questions.jsonl, documents: documents, explore: 5, confirm: 5}\n"
        "pipeline: {retrieve: bm25}\nobjectives: {mrr: maximize}\n"
    )
    checked = tradespace(folder, "check", "other.yaml")
    assert checked.returncode == 0, checked.stderr
    reason = "of my-parts 1.0 (my_parts:SharedWords) cannot be used: ModuleNotFoundError: No module named"
    assert f"warning: the component 'shared_words' {reason}" in checked.stdout
    faults = tradespace(folder, "check", "space.yaml")
    assert faults.returncode == 2
    assert f"cannot be filled by 'shared_words'; the component 'shared_words' {reason}" in faults.stderr
    assert "no measure is called 'first_word'; the measure 'first_word' of my-parts 1.0" in faults.stderr
    assert "no strategy is called 'by_length'; the search algorithm 'by_length' of my-parts 1.0" in faults.stderr


def test_importing_and_helping_import_no_part(folder: Path) -> None:
    """Both stay instant, whatever is installed."""
    install(folder, POINTS)
    (folder / "my_parts.py").write_text("from pathlib import Path\nPath('imported').touch()\n")
    assert tradespace(folder, "--help").returncode == 0
    assert python(folder, "-c", "import tradespace").returncode == 0
    assert not (folder / "imported").exists()


def test_registered_parts_are_read_back(folder: Path) -> None:
    """In a script nothing has to be installed."""
    ran = python(folder, "-c", f"{REGISTERING}\nprint(pipeline)\nprint(tradespace.parse(str(pipeline)) == pipeline)")
    assert ran.stdout.split("\n")[:2] == ["shared_words(top_k=3) >> sentence(passages=1)", "True"], ran.stderr


def test_the_parts_pass_the_shipped_contracts(folder: Path) -> None:
    """The suites run outside of our own tests, without their fixtures."""
    ran = python(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", CONTRACTS)
    assert ran.returncode == 0, ran.stdout
    assert int(re.search(r"(\d+) passed", ran.stdout)[1]) > 40  # type: ignore[index]
