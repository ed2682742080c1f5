"""A space whose instructions another model proposes, explored from its file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import pytest

from tests.explorer.test_crash import write_space
from tests.explorer.test_exploration import Listener
from tradespace.commands.check import print_check
from tradespace.components.base import Operator
from tradespace.components.corpus import Corpus
from tradespace.components.llms.base import LanguageModel
from tradespace.components.notation import parse
from tradespace.components.prompts.standard import Standard
from tradespace.components.registry import COMPONENTS
from tradespace.explorer.exploration import Exploration
from tradespace.explorer.files import read_data, read_specification
from tradespace.explorer.results import Results
from tradespace.explorer.storage.study import StudyFolder
from tradespace.types import Completion, Failure, Prompt, Unavailable

GOOD = "Answer with the first word."
ASKED: list[Prompt] = []
"""What the model that proposes was asked."""


class Pupil(LanguageModel):
    """Answers as the dataset wants it only where it is told to take the first word."""

    name: ClassVar[str] = "pupil"

    def open(self, corpus: Corpus) -> Operator:
        def answer(prompt: Prompt) -> Completion:
            first = prompt.messages[-1].content.split()[2]  # behind `Passages:` and `[1]`
            return Completion(first if "first word" in prompt.messages[0].content else "no idea", 1, 1)

        return lambda prompts: [answer(prompt) for prompt in prompts]


class Suggester(LanguageModel):
    """Proposes what it was told to: sample n of a prompt gets reply n, and the last stands for all behind it."""

    name: ClassVar[str] = "suggester"

    replies: tuple[str, ...] = ()
    down: bool = False

    def open(self, corpus: Corpus) -> Operator:
        def reply(prompt: Prompt) -> Completion | Failure:
            ASKED.append(prompt)
            if self.down:
                return Unavailable("no server answers at http://here")
            if not self.replies:
                return Failure("it is too tired")
            text = self.replies[min(prompt.sample, len(self.replies) - 1)]
            return Completion(text, 1, 1, "length" if text.endswith("…") else "stop")

        return lambda prompts: [reply(prompt) for prompt in prompts]


SPACE = """
name: proposed
data: {questions: questions.jsonl, documents: documents, explore: 20, confirm: 10}
pipeline:
  retrieve: {bm25: {top_k: 2}}
  generate:
    llm: {model: pupil, prompt: {standard: {instruction: ["", Guess.]}}}
objectives: {answer_em: maximize}
search:
  strategy: grid
  proposals: {model: {suggester: REPLIES}, rounds: 2, candidates: 2, tried_on: 8, keep: 2, measure: answer_em}
"""
REPLIES = f'{{replies: ["instruction: Think hard.", Sing., "instruction: {GOOD}", "Instruction: sing"]}}'


@dataclass
class Warned(Listener):
    """Remembers warnings, too."""

    warnings: list[str] = field(default_factory=list)

    def warn(self, messages: Sequence[str]) -> None:
        self.warnings += messages


@pytest.fixture(autouse=True, scope="module")
def _known_by_name() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(COMPONENTS, "_entries", {**COMPONENTS, "pupil": Pupil, "suggester": Suggester})
        yield


@pytest.fixture(autouse=True)
def _ask_anew() -> None:
    ASKED.clear()


def explore(folder: Path, replies: str = REPLIES, search: str = "") -> tuple[Exploration, Results, list[str]]:
    """Explore a space in a folder; returns what was warned of, too."""
    if not (folder / "space.yaml").exists():
        write_space(folder)
    (folder / "space.yaml").write_text(SPACE.replace("REPLIES", replies) + search)
    specification = read_specification(folder / "space.yaml")
    listener, study = Warned(), StudyFolder(folder / "study")
    exploration = Exploration(specification, study, read_data(specification).dataset, listener, "here")
    return exploration, exploration.run(), listener.warnings


def instructions(results: Results) -> set[str]:
    """The instructions of all pipelines that were explored."""
    pipelines = [parse(evaluation.pipeline) for evaluation in results.explored]
    parts = [part for pipeline in pipelines for part in pipeline.stages["generate"].parts()]
    return {part.instruction for part in parts if isinstance(part, Standard)}


def test_a_proposed_instruction_wins_where_the_model_answers_better_under_it(tmp_path: Path) -> None:
    """It enters the search beside those of the space, is found the best on explore questions, and is confirmed."""
    _, results, warnings = explore(tmp_path)
    assert instructions(results) == {"", "Guess.", GOOD, "Think hard."}
    best = max(results.explored, key=lambda each: sum(score or 0 for score in each.scores["answer_em"]))
    assert GOOD in best.pipeline
    assert any(GOOD in each.pipeline for each in results.confirmed)
    assert results.provenance.space_size == 4
    assert "preparing" in results.provenance.phases
    assert warnings == []


def test_the_second_round_is_shown_the_scores_of_the_first(tmp_path: Path) -> None:
    """Two rounds of two samples; what the first proposed stands in the second request, what it found wrong does not."""
    explore(tmp_path)
    first, second = ASKED[0].messages[-1].content, ASKED[2].messages[-1].content
    assert [prompt.sample for prompt in ASKED] == [0, 1, 2, 3]
    assert "0.0: Guess." in first
    assert "Sing." not in first
    assert "0.0: Sing." in second


def test_questions_that_confirm_are_neither_shown_nor_tried(tmp_path: Path) -> None:
    """What is shown are explore questions, of those that instructions are tried on."""
    exploration, _, _ = explore(tmp_path)
    splits = exploration.dataset.split(20, 10, 0)
    shown = ASKED[-1].messages[-1].content
    assert all(question.text in shown for question in splits.explore[:4])
    assert not any(question.text in shown for question in splits.confirm)


def test_a_continued_exploration_asks_nothing_again(tmp_path: Path) -> None:
    """All calls are in the ledger: the same instructions, the same pipelines, and no call."""
    _, before, _ = explore(tmp_path)
    asked = len(ASKED)
    _, after, _ = explore(tmp_path)
    assert after.provenance.calls_made == before.provenance.calls_made
    assert [each.pipeline for each in after.explored] == [each.pipeline for each in before.explored]
    assert len(ASKED) == asked


@pytest.mark.parametrize(
    ("replies", "reason"), [("{down: true}", "no server answers at http://here"), ("{}", "it is too tired")]
)
def test_a_model_that_fails_leaves_the_space_as_it_is(tmp_path: Path, replies: str, reason: str) -> None:
    """The search goes on with the user's own instructions, and says why."""
    _, results, warnings = explore(tmp_path, replies)
    assert instructions(results) == {"", "Guess."}
    assert any("failed to propose instructions" in warning and reason in warning for warning in warnings)
    assert results.confirmed


def test_malformed_proposals_are_not_tried(tmp_path: Path) -> None:
    """Nothing, what was known, and what was cut off."""
    replies = f'{{replies: ["", "instruction: GUESS!", "{GOOD}…", "instruction:"]}}'
    _, results, warnings = explore(tmp_path, replies)
    assert instructions(results) == {"", "Guess."}
    assert warnings == []


def test_nothing_is_proposed_where_no_answer_can_be_scored(tmp_path: Path) -> None:
    """Without accepted answers there is nothing to improve by; another objective can still be searched."""
    write_space(tmp_path)
    questions = tmp_path / "questions.jsonl"
    lines = questions.read_text().splitlines()
    questions.write_text(
        "\n".join(line.split(', "answers"')[0] + ', "gold"' + line.split(', "gold"')[1] for line in lines)
    )
    (tmp_path / "space.yaml").write_text(SPACE.replace("REPLIES", REPLIES).replace("{answer_em: m", "{mrr: m"))
    specification = read_specification(tmp_path / "space.yaml")
    listener = Warned()
    study = StudyFolder(tmp_path / "study")
    results = Exploration(specification, study, read_data(specification).dataset, listener, "here").run()
    assert instructions(results) == {"", "Guess."}
    assert any("answer_em could score no answer" in warning for warning in listener.warnings)
    assert ASKED == []


def test_a_budget_that_ends_while_instructions_are_tried_is_told(tmp_path: Path) -> None:
    """Nothing is explored then; with a larger budget the same command goes on."""
    _, results, _ = explore(tmp_path, search="  budget: {calls: 20}\n")
    assert results.explored == ()
    assert results.provenance.ended.endswith("before all that pipelines are told was found")
    assert GOOD in instructions(explore(tmp_path)[1])


def test_a_check_counts_pipelines_with_proposals_and_says_what_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is asked; estimates hold as many instructions as may be kept."""
    write_space(tmp_path)
    (tmp_path / "space.yaml").write_text(SPACE.replace("REPLIES", "{}"))
    print_check(tmp_path / "space.yaml", tmp_path / "study")
    told = capsys.readouterr().out
    assert "4 pipelines allowed" in told
    assert "up to 2 instructions for each prompt that names one, which suggester() proposes" in told
    assert "in 4 calls for each" in told
    assert "confirming 4 finalists" in told  # two of the space, two that are to come
    assert ASKED == []
