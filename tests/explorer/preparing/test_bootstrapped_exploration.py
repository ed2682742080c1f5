"""A space whose pipelines give themselves examples, explored from its file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.explorer.test_exploration import Listener
from tradespace.commands.check import print_check
from tradespace.components.examples.base import Examples
from tradespace.components.examples.given import GivenExamples
from tradespace.components.notation import parse
from tradespace.explorer.exploration import Exploration
from tradespace.explorer.files import read_data, read_specification
from tradespace.explorer.planning import allowance
from tradespace.explorer.results import Results
from tradespace.explorer.storage.study import StudyFolder

SPACE = """
name: bootstrapped
data: {dataset: microworld, explore: 12, confirm: 4}
pipeline:
  retrieve: {bm25: {top_k: 4}}
  generate:
    llm:
      model: {tiny_reasoner: {size: small}}
      passages: 4
      prompt: {standard: {examples: {bootstrap: {pool: 3, shots: [0, 2], choose: [first, nearest]}}}}
objectives: {answer_f1: maximize}
search: {strategy: grid}
"""


def explore(folder: Path, text: str = SPACE) -> tuple[Exploration, Results]:
    """Explore a space in a folder."""
    file = folder / "space.yaml"
    file.write_text(text)
    specification = read_specification(file)
    exploration = Exploration(
        specification, StudyFolder(folder / "study"), read_data(specification).dataset, Listener(), "here"
    )
    return exploration, exploration.run()


@pytest.fixture(scope="module")
def explored(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Exploration, Results]:
    """The space, explored once."""
    folder = tmp_path_factory.mktemp("bootstrapped")
    return folder, *explore(folder)


def examples_of(results: Results) -> list[Examples]:
    """The examples of every pipeline that was tried."""
    parsed = [parse(evaluation.pipeline) for evaluation in results.explored]
    return [part for each in parsed for part in each.stages["generate"].parts() if isinstance(part, Examples)]


def test_pipelines_of_the_study_hold_their_examples(explored: tuple[Path, Exploration, Results]) -> None:
    """What is printed of a study is whole: the questions and answers stand in it."""
    _, _, results = explored
    examples = examples_of(results)
    assert len(examples) == len(results.explored) == 4
    assert all(isinstance(each, GivenExamples) and len(each.pairs) == 3 for each in examples)
    assert "preparing" in results.provenance.phases
    assert results.provenance.space_size == 4


def test_examples_are_never_of_questions_that_confirm(explored: tuple[Path, Exploration, Results]) -> None:
    """They are explore questions, all of them."""
    _, exploration, results = explored
    splits = exploration.dataset.split(12, 4, 0)
    asked = {question for each in examples_of(results) if isinstance(each, GivenExamples) for question, _ in each.pairs}
    assert asked < {question.text for question in splits.explore}
    assert not asked & {question.text for question in splits.confirm}


def test_a_continued_exploration_draws_the_same(explored: tuple[Path, Exploration, Results]) -> None:
    """Started again it makes no call, and finds the same pipelines."""
    folder, _, before = explored
    _, after = explore(folder)
    assert after.provenance.calls_made == before.provenance.calls_made
    assert [each.pipeline for each in after.explored] == [each.pipeline for each in before.explored]


def test_a_budget_that_ends_before_all_is_drawn_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is explored then; with a larger budget the same command goes on."""
    monkeypatch.setattr(allowance, "LEAST_SECONDS", 0.0)
    _, results = explore(tmp_path, SPACE.replace("strategy: grid", "strategy: grid, budget: {calls: 2}"))
    assert results.explored == ()
    assert results.provenance.ended.endswith("before all that pipelines are told was found")
    assert len(explore(tmp_path)[1].explored) == 4


def test_a_check_counts_calls_with_examples(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What exploring takes is estimated with accepted answers for examples, before any is drawn."""
    file = tmp_path / "space.yaml"
    file.write_text(SPACE)
    print_check(file, tmp_path / "study")
    told = capsys.readouterr().out
    assert "4 pipelines allowed" in told
    assert "Estimated for these calls" in told
