"""`tradespace data generate`: questions where there are none, and how they are marked ever after."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import Run
from tests.explorer.generating.quizmaster import DOCUMENTS, PROMPTS, known_by_name
from tests.small_data import write_paragraphs
from tradespace.data import load_dataset

SPACE = """
name: generated
data: {questions: questions.jsonl, documents: documents, explore: 8, confirm: 4}
pipeline: {retrieve: {bm25: {top_k: [1, 3]}}}
objectives: {mrr: maximize}
search: {strategy: grid}
"""


@pytest.fixture(autouse=True)
def _quizmaster() -> Iterator[None]:
    with known_by_name():
        yield


@pytest.fixture
def buildings(tmp_path: Path) -> Path:
    """A folder of documents, without questions."""
    folder = tmp_path / "data" / "documents"
    folder.mkdir(parents=True)
    for document in DOCUMENTS:
        (folder / document.id).write_text(document.text)
    return folder


def rows(file: Path) -> list[dict[str, Any]]:
    """What stands in a file of questions."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def type_of(row: dict[str, Any]) -> str:
    """The type of a question in a file."""
    return str(row["groups"]["type"])


def test_a_model_writes_questions_beside_the_documents(run: Run, buildings: Path) -> None:
    """With all that a question can have; the folder is then a dataset as it is."""
    ran = run("data", "generate", "--documents", buildings, "--questions", 10, "--model", "quizmaster")
    assert ran.code == 0, ran.err
    written = rows(buildings.parent / "questions.jsonl")
    assert len(written) == 10
    assert {(row["generated"], row["generated_by"]) for row in written} == {(True, "quizmaster()")}
    assert "10 questions were kept of" in ran.out
    assert "two_passages" in ran.out
    assert len(load_dataset(str(buildings.parent)).questions) == 10


def test_rules_write_questions_offline(run: Run, tmp_path: Path) -> None:
    """Without a model, of three types; examined by the bundled reader."""
    write_paragraphs(tmp_path)
    (tmp_path / "questions.jsonl").unlink()
    ran = run("data", "generate", "--documents", tmp_path / "documents", "--questions", 9)
    assert ran.code == 0, ran.err
    written = rows(tmp_path / "questions.jsonl")
    assert len(written) == 9
    assert {row["generated_by"] for row in written} == {"rules"}
    assert {type_of(row) for row in written} == {"fact", "number", "unanswerable"}


def test_the_same_command_continues(run: Run, buildings: Path) -> None:
    """What the budget did not allow is written then; the calls before are not made again."""
    command = ("data", "generate", "--documents", buildings, "--questions", 20, "--model", "quizmaster()")
    first = run(*command, "--calls", 70)
    assert first.code == 0, first.err
    assert "of the 20 that were wanted: the budget of 70 calls is spent" in first.out
    asked = len(PROMPTS)
    second = run(*command)
    assert second.code == 0, second.err
    assert len(rows(buildings.parent / "questions.jsonl")) == 20
    assert len(PROMPTS) - asked < asked
    third = run(*command)
    assert "0 calls were made" in third.out


def test_an_edited_file_is_kept(run: Run, buildings: Path) -> None:
    """Until its loss is asked for."""
    command = ("data", "generate", "--documents", buildings, "--questions", 5, "--model", "quizmaster")
    assert run(*command).code == 0
    file = buildings.parent / "questions.jsonl"
    file.write_text(file.read_text().replace("Who ", "By whom was it that "))
    refused = run(*command)
    assert refused.code == 2
    assert "was edited" in refused.err
    assert "By whom" in file.read_text()
    assert run(*command, "--force").code == 0
    assert "By whom" not in file.read_text()


def test_a_nearly_empty_set_says_why(run: Run, buildings: Path) -> None:
    """What became of how many, what to do, and where what was paid for is kept; and no file of nothing."""
    ran = run("data", "generate", "--documents", buildings, "--model", "quizmaster(prose=True)", "--type", "fact")
    assert ran.code == 1
    assert "no question in the reply (the model does not keep to the form" in ran.out
    assert "questions.jsonl.calls" in ran.out
    assert not (buildings.parent / "questions.jsonl").exists()


def test_types_can_be_chosen(run: Run, buildings: Path) -> None:
    """And only those that the writer can write."""
    command = ("data", "generate", "--documents", buildings, "--questions", 3)
    assert run(*command, "--model", "quizmaster", "--type", "number").code == 0
    assert {type_of(row) for row in rows(buildings.parent / "questions.jsonl")} == {"number"}
    refused = run(*command, "--type", "yes_no")
    assert refused.code == 2
    assert "rules cannot write questions of the type 'yes_no'. A language model can: name one with" in refused.err
    assert "Valid: fact, number, unanswerable" in run(*command, "--type", "fakt").err


def test_a_space_names_the_model_and_its_prices(run: Run, buildings: Path) -> None:
    """The only one that can write; of several, the one that is named."""
    space = buildings.parent / "space.yaml"
    models = "[quizmaster, {quizmaster: {knows: Heron}}, tiny_reasoner]"
    text = SPACE.replace("[1, 3]}}}", "[1, 3]}}, generate: {llm: {model: MODELS}}}")
    command = ("data", "generate", "--documents", buildings, "--questions", 3, "--space", space)
    space.write_text(text.replace("MODELS", "[quizmaster, tiny_reasoner]"))
    assert run(*command).code == 0
    space.write_text(text.replace("MODELS", models))
    several = run(*command)
    assert several.code == 2
    assert "must have one model that follows instructions, or --model say which. Valid: quizmaster()" in several.err
    assert run(*command, "--model", "quizmaster(knows='Heron')").code == 0
    assert "must name one of the models" in run(*command, "--model", "gpt-5").err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--model", "quizmistress"], "did you mean 'quizmaster'?"),
        (["--model", "quizmaster(mood='bad')"], "mood"),
        (["--model", "bm25()"], "--model must be a language model"),
        (["--model", "quizmaster(knows=)"], "a component reads like"),
        (["--model", "tiny_reasoner"], "can write no questions"),
        (["--model", "openai:gpt-5-mini", "--usd", "1"], "--usd needs the price of 'gpt-5-mini'"),
        (["--out", "questions.csv"], "--out must end in .jsonl"),
        (["--questions", "0"], "--questions"),
        (["--space", "nowhere.yaml"], "nowhere.yaml"),
    ],
)
def test_wrong_input_is_refused_before_anything_is_called(
    run: Run, buildings: Path, options: list[str], message: str
) -> None:
    """The message says what is valid; nothing is left behind."""
    ran = run("data", "generate", "--documents", buildings, *options)
    assert ran.code == 2
    assert message in ran.err
    assert list(buildings.parent.iterdir()) == [buildings]
    assert PROMPTS == []


@pytest.mark.parametrize("made", [False, True])
def test_documents_must_be_there(run: Run, tmp_path: Path, made: bool) -> None:
    """A folder that is missing, or empty."""
    if made:
        (tmp_path / "documents").mkdir()
    ran = run("data", "generate", "--documents", tmp_path / "documents", "--model", "quizmaster")
    assert ran.code == 2
    assert "documents" in ran.err


def test_init_suggests_it(run: Run, buildings: Path, tmp_path: Path) -> None:
    """To whoever has documents and no questions."""
    ran = run("init", tmp_path / "space.yaml", "--documents", buildings)
    assert ran.code == 2
    assert f"tradespace data generate --documents {buildings} --questions 200" in ran.err


def test_figures_on_generated_questions_are_marked(run: Run, buildings: Path, tmp_path: Path) -> None:
    """By check, inspect, explore, show, status and the report."""
    assert run("data", "generate", "--documents", buildings, "--questions", 12, "--model", "quizmaster").code == 0
    space, study = buildings.parent / "space.yaml", tmp_path / "study"
    space.write_text(SPACE)
    mark = "of the 12 questions were generated by quizmaster()"
    assert f"all {mark}" in run("check", space).out
    assert "generated" in run("data", "inspect", buildings.parent).out
    assert f"All {mark}" in run("explore", space, "--study", study).out
    assert f"All {mark}" in run("show", study).out
    assert f"all {mark}" in run("status", study).out
    assert f"All {mark}" in (study / "report.html").read_text(encoding="utf-8")


def test_dollars_are_counted_and_limited(run: Run, buildings: Path) -> None:
    """By the prices of the space; what they bought is not bought again."""
    space = buildings.parent / "space.yaml"
    price = "{usd_per_million_in: 1000, usd_per_million_out: 1000}"
    space.write_text(
        SPACE.replace("[1, 3]}}}", "[1, 3]}}, generate: {llm: {model: quizmaster}}}")
        + f"prices: {{host_usd_per_hour: 0, models: {{quizmaster: {price}}}}}\n"
    )
    command = ("data", "generate", "--documents", buildings, "--questions", 5, "--space", space)
    poor = run(*command, "--usd", 0.01)
    assert poor.code == 1
    assert "0.01 dollars are spent, which is what the budget allows" in poor.out
    asked = len(PROMPTS)
    rich = run(*command, "--usd", 100)
    assert rich.code == 0, rich.err
    assert " made for $" in rich.out
    assert len({*PROMPTS}) == len(PROMPTS) > asked


def test_an_unanswerable_question_is_shown_as_one(run: Run, buildings: Path) -> None:
    """Its empty answer is an answer, and none that is missing."""
    command = ("data", "generate", "--documents", buildings, "--questions", 2, "--model", "quizmaster")
    assert run(*command, "--type", "unanswerable").code == 0
    shown = run("data", "inspect", buildings.parent).out
    assert "(to be declined: nothing answers it)" in shown
    assert "(no answers)" not in shown


def test_unreadable_documents_are_named_and_left_out(run: Run, buildings: Path) -> None:
    """The others are asked about."""
    (buildings / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    ran = run("data", "generate", "--documents", buildings, "--questions", 2, "--model", "quizmaster")
    assert ran.code == 0, ran.err
    assert "broken.pdf: must be a whole PDF" in ran.out


@pytest.mark.crash
def test_a_killed_run_goes_on(run: Run, tmp_path: Path) -> None:
    """Its file holds whole questions; the same command keeps them, and comes to the rest."""
    write_paragraphs(tmp_path)
    file = tmp_path / "questions.jsonl"
    file.unlink()
    command = ["data", "generate", "--documents", str(tmp_path / "documents"), "--questions", "12"]
    process = subprocess.Popen([sys.executable, "-m", "tradespace", *command], stdout=subprocess.DEVNULL)
    try:
        while process.poll() is None and not file.exists():
            time.sleep(0.05)
    finally:
        process.kill()
        process.wait()
    before = rows(file)
    ran = run(*command)
    assert ran.code == 0, ran.err
    assert rows(file)[: len(before)] == before
