"""Question by question, from the ledger: no call is made, and what cannot be read back is said."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.commands.conftest import Run, copied, explored
from tests.explorer.test_crash import write_space
from tests.processes import read_only
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.results import QuestionSet
from tradespace.explorer.storage.study import StudyFolder
from tradespace.reports.info import pipeline_numbers

READING = """
name: reading
data: {questions: questions.jsonl, documents: documents, explore: 12, confirm: 6}
pipeline: {retrieve: {bm25: {top_k: [1, 3]}}, generate: {sentence: {passages: 1}}}
objectives: {answer_contained: maximize, mrr: maximize}
search: {strategy: grid}
"""
ASKING = """
name: asking
data: {dataset: microworld/100, explore: 4, confirm: 0}
pipeline:
  retrieve: {step_back: {model: &small {tiny_reasoner: {size: small}}, max_tokens: 16}}
  generate: {llm: {model: *small, max_tokens: 24, strategy: {cot_at_k: {k: 3}}}}
objectives: {mrr: maximize}
search: {strategy: grid}
"""


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of two pipelines that answer."""
    space = write_space(tmp_path_factory.mktemp("reading"))
    space.write_text(READING)
    return explored(space, space.parent / "study")


@pytest.fixture
def copy(answered: Path, tmp_path: Path) -> Iterator[StudyFolder]:
    """A copy to change."""
    with copied(answered, tmp_path / "copy") as copy:
        yield copy


def outcomes(study: StudyFolder) -> int:
    return len(study.ledger)


def test_each_question_stands_with_answer_reference_and_passages(run: Run, answered: Path) -> None:
    """As they are in the data and the ledger; gold passages are marked, scores are those of the objectives."""
    ran = run("questions", answered, "--pipeline", "bm25(top_k=3) >> sentence(passages=1)")
    assert ran.code == 0
    assert "12 of 12 explore questions shown" in ran.out
    lines = [line for line in (answered.parent / "questions.jsonl").read_text().splitlines() if line]
    asked = [question for question in map(json.loads, lines) if f"{question['question']} {question['id']}" in ran.out]
    assert len(asked) == 12
    assert all(f"reference {question['answers'][0]}" in ran.out for question in asked)
    assert all(f"gold      {question['gold'][0]}" in ran.out for question in asked)
    assert ran.out.count("answer contained ") == 12
    assert ".txt [gold]: " in ran.out
    assert len(re.findall(r"\d of \d gold documents found", ran.out)) == 12


def test_no_call_is_made_and_nothing_is_written(run: Run, copy: StudyFolder) -> None:
    """Not even where the study could be written; and where it cannot, the same is shown."""
    before, shown = outcomes(copy), run("questions", copy.folder).out
    assert outcomes(copy) == before
    copy.ledger.close()
    copy.evaluations.close()
    with read_only(copy.folder):
        assert run("questions", copy.folder).out == shown


def test_confirm_questions_are_shown_when_asked_for(run: Run, answered: Path) -> None:
    """By default those are that the search saw, as looking at the others spends them."""
    assert "of 6 confirm questions shown" in run("questions", answered, "--confirm").out


def test_two_pipelines_are_compared_where_they_differ(run: Run, answered: Path) -> None:
    """Named by notation or by number; beside each other on questions whose scores differ, and on no others."""
    results = StudyFolder(answered).results()
    first, second = (evaluation.scores for evaluation in results.explored)
    differing = sum(
        any(first[name][place] != second[name][place] for name in ("answer_contained", "mrr")) for place in range(12)
    )
    ran = run("questions", answered, "--pipeline", "1", "--compare", "#2")
    assert differing and f"{differing} of 12 explore questions shown" in ran.out
    assert ran.out.count("  #1 ") == ran.out.count("  #2 ") == differing
    assert "#1 has more answer contained on" in ran.out


def test_a_pipeline_is_not_compared_with_itself(run: Run, answered: Path) -> None:
    """Whether it is named twice, or once and recommended: no question would be shown."""
    results = StudyFolder(answered).results()
    recommended = conclude(results).recommended
    assert recommended is not None
    pipeline = recommended.evaluation.pipeline
    number = pipeline_numbers(results)[pipeline]
    for arguments in (["--compare", str(number)], ["--pipeline", pipeline, "--compare", f"#{number}"]):
        ran = run("questions", answered, *arguments)
        assert ran.code == 2
        assert f"both are #{number}" in ran.err


def test_failed_shows_what_failed_or_scored_nothing(run: Run, copy: StudyFolder) -> None:
    """Failures with their messages, as the study recorded them."""
    results = copy.results()
    evaluation = results.explored[0]
    scores = dict.fromkeys(evaluation.scores, (0.0, 0.0, *((1.0,) * 10)))
    broken = replace(evaluation, scores=scores, failures={0: "generate: the server said 500"})
    copy.evaluations.write(copy.manifest().context, results.provenance.host, [broken])
    ran = run("questions", copy.folder, "--pipeline", "1", "--failed")
    assert "2 of 12 explore questions shown. #1: 1 failed, 1 more scored 0." in ran.out
    assert "failed: generate: the server said 500" in ran.out


def test_what_the_ledger_lacks_is_said(run: Run, copy: StudyFolder) -> None:
    """The question, its reference and its scores stand; the answer is not known, and passages are as far as known."""
    copy.ledger.close()
    connection = sqlite3.connect(copy.folder / "ledger.sqlite")
    with connection:
        connection.execute("DELETE FROM outcomes WHERE component = 'sentence'")
    connection.close()
    ran = run("questions", copy.folder)
    assert ran.code == 0
    assert ran.out.count("not known: generate: its call is not in the ledger") == 12
    assert "12 of its answers are not in the ledger." in ran.out
    assert ".txt" in ran.out and "reference" in ran.out


def test_data_that_changed_are_refused(run: Run, copy: StudyFolder, tmp_path: Path) -> None:
    """Answers beside the references of others would mislead."""
    moved = Path(shutil.copytree(copy.manifest().base, tmp_path / "data"))
    lines = (moved / "questions.jsonl").read_text().splitlines()
    (moved / "questions.jsonl").write_text("\n".join(lines[:-1]))
    copy.save(copy.manifest().model_copy(update={"base": str(moved)}))
    ran = run("questions", copy.folder)
    assert ran.code == 2
    assert "have changed since it was explored" in ran.err


@pytest.mark.parametrize("name", ["bm25(top_k=7) >> sentence()", "99"])
def test_a_pipeline_that_was_not_evaluated_is_refused(run: Run, answered: Path, name: str) -> None:
    """The message says where those are listed that were."""
    ran = run("questions", answered, "--pipeline", name)
    assert ran.code == 2
    assert "Traceback" not in ran.err


def test_a_chunker_that_imports_code_is_not_run_unasked(run: Run, copy: StudyFolder) -> None:
    """A study may come from somebody else."""
    results = copy.results()
    foreign = "langchain_splitter(path='evil.Splitter') >> bm25(top_k=1)"
    evaluation = replace(results.explored[0], pipeline=foreign, question_set=QuestionSet.EXPLORE)
    copy.evaluations.write(copy.manifest().context, results.provenance.host, [evaluation])
    ran = run("questions", copy.folder, "--pipeline", foreign)
    assert ran.code == 2
    assert "--allow-imports" in ran.err


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of a pipeline that asks a model twice: what to search for, and the answer."""
    folder = tmp_path_factory.mktemp("asking")
    (folder / "space.yaml").write_text(ASKING)
    return explored(folder / "space.yaml", folder / "study")


def test_prompts_are_shown_as_they_were_sent(run: Run, asking: Path) -> None:
    """With the replies to each, from the ledger: no call is made. Without the option none is shown."""
    before = outcomes(StudyFolder(asking))
    ran = run("questions", asking, "--prompts")
    assert ran.code == 0
    assert outcomes(StudyFolder(asking)) == before
    assert len(re.findall(r"  prompt 1  to tiny_reasoner.*\n  system    ask\n  user      question: ", ran.out)) == 4
    assert len(re.findall(r"  prompt 2  to tiny_reasoner.*\n  system    think\n  user      \* ", ran.out)) == 4
    assert len(re.findall("  reply     ", ran.out)) == 4 * (1 + 3)
    assert "  system " not in run("questions", asking).out


def test_a_prompt_that_is_not_in_the_ledger_is_said_to_lack_its_reply(run: Run, asking: Path, tmp_path: Path) -> None:
    """What was sent is known all the same."""
    copy = StudyFolder(shutil.copytree(asking, tmp_path / "copy"))
    copy.ledger.close()
    with sqlite3.connect(copy.folder / "ledger.sqlite") as ledger:
        ledger.execute("DELETE FROM outcomes")
    ran = run("questions", copy.folder, "--prompts")
    assert "  system    ask" in ran.out
    assert "  reply     failed: its call is not in the ledger" in ran.out


def test_ask_shows_prompts_on_demand(run: Run, asking: Path) -> None:
    """Those of the question that is asked, and none of what warms the models up."""
    asked = run("ask", asking, "who is the mayor of Ada?", "--prompts").out
    assert asked.count("who is the mayor of Ada?") >= 2
    assert asked.count("  system    ask") == 1
    assert "  system " not in run("ask", asking, "who is the mayor of Ada?").out
