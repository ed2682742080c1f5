"""Measures with settings on the command line: what they need is said before, and nobody's code is run unasked."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tests.commands.conftest import Run, explored
from tests.explorer.test_crash import write_space

SPACE = """
name: measured
data: {questions: questions.jsonl, documents: documents, explore: 8, confirm: 4}
pipeline: {retrieve: {bm25: {top_k: [1, 2]}}, generate: {sentence: {passages: 1}}}
measures:
  close: {rouge_l: {beta: 2}}
  mine: {path: "evilscores:harm"}
  unused: semantic_similarity
objectives: {mine: maximize, close: maximize}
search: {strategy: grid}
"""
MODULE = """
from pathlib import Path
Path({mark!r}).touch()


def harm(question, answer, passages, references):
    return 1.0
"""


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A space that is scored by a function of somebody's."""
    file = write_space(tmp_path_factory.mktemp("measured"))
    file.write_text(SPACE)
    (file.parent / "evilscores.py").write_text(MODULE.format(mark=str(file.parent / "mark")))
    return file


@pytest.fixture(scope="module")
def study(space: Path) -> Path:
    """That space, explored by who trusts it."""
    sys.path.insert(0, str(space.parent))
    try:
        return explored(space, space.parent / "study")
    finally:
        sys.path.remove(str(space.parent))


def test_check_says_what_each_measure_can_score_and_what_it_needs(run: Run, space: Path) -> None:
    """Its settings, what it is trusted with, and that one is scored by nothing."""
    checked = run("check", space)
    assert checked.code == 0, checked.err
    assert "close (rouge_l(beta=2.0)) can score 8 of 8 explore and 4 of 4 confirm questions." in checked.out
    assert "mine (function(path='evilscores:harm'), which imports code that it names" in checked.out
    assert (
        "nothing is scored by the measure unused: name it in `objectives` or `limits`, or leave it out" in checked.out
    )
    assert not (space.parent / "mark").exists()


def test_a_study_is_shown_without_running_the_function_that_scored_it(run: Run, study: Path, tmp_path: Path) -> None:
    """Scores are read, whoever made them."""
    sent = Path(shutil.copytree(study, tmp_path / "sent"))
    (study.parent / "mark").unlink()
    sys.modules.pop("evilscores", None)
    for command in ("status", "show", "report", "questions"):
        ran = run(command, sent)
        assert ran.code == 0, ran.err
    shown = run("show", sent).out
    assert "close" in shown
    assert "mine 1.000" in run("questions", sent).out
    assert not (study.parent / "mark").exists()
    assert "evilscores" not in sys.modules
