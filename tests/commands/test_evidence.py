"""A study of questions with evidence, from the file to what is shown of each question."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.commands.conftest import Run, explored
from tradespace.components.sentences import sentence_spans
from tradespace.explorer.storage.study import StudyFolder
from tradespace.testing.paragraphs import documents, questions

SPACE = """
name: evidence
data: {questions: questions.jsonl, documents: documents, explore: 12, confirm: 6}
pipeline: {chunk: {sentences: {size: [48, 96], overlap: 0}}, retrieve: {bm25: {top_k: [1, 3]}}}
objectives: {evidence_recall: maximize, evidence_iou: maximize}
search: {strategy: grid}
"""


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Real paragraphs as documents; each question quotes the sentence that its answer stands in."""
    folder = tmp_path_factory.mktemp("evidence")
    (folder / "documents").mkdir()
    texts = {document.id: document.text for document in documents()}
    rows = []
    for question in questions()[:24]:
        text = texts[question.gold[0]]
        (folder / "documents" / f"{question.gold[0]}.txt").write_text(text)
        place = text.index(question.answers[0])
        start, end = next(span for span in sentence_spans(text) if span[0] <= place < span[1])
        rows.append({"id": question.id, "question": question.text, "evidence": text[start:end]})
    (folder / "questions.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (folder / "space.yaml").write_text(SPACE)
    return folder / "space.yaml"


@pytest.fixture(scope="module")
def study(space: Path) -> Path:
    return explored(space, space.parent / "study")


def test_inspecting_counts_the_evidence(run: Run, space: Path) -> None:
    """And shows it with the questions that are shown; `init` would choose a measure of it."""
    ran = run("data", "inspect", space.parent)
    assert re.search(r"with evidence\W+24\b", ran.out)
    assert ran.out.count("evidence in ") == 3
    assert "the objective evidence_recall@5, as 24 of 24 questions have evidence that it can compare" in ran.out
    assert "Nothing is wrong." in ran.out


def test_checking_says_how_many_questions_have_evidence(run: Run, space: Path) -> None:
    """Beside what each objective can score."""
    ran = run("check", space)
    assert ran.code == 0
    assert "evidence_recall can score 12 of 12 explore and 6 of 6 confirm questions." in ran.out
    assert "18 of 18 questions have evidence." in ran.out


def test_an_objective_of_evidence_needs_evidence(run: Run, space: Path, tmp_path: Path) -> None:
    """The error says so before anything runs."""
    rows = [json.loads(line) for line in (space.parent / "questions.jsonl").read_text().splitlines()]
    bare = [{"question": row["question"], "answer": "Rollo"} for row in rows]
    (tmp_path / "questions.jsonl").write_text("\n".join(map(json.dumps, bare)))
    (tmp_path / "documents").symlink_to(space.parent / "documents", target_is_directory=True)
    (tmp_path / "space.yaml").write_text(SPACE)
    ran = run("check", tmp_path / "space.yaml")
    assert ran.code == 2
    assert "the objective evidence_recall needs questions with evidence; it can score 0 of 12" in ran.err


def test_chunkings_are_told_apart_by_evidence(study: Path) -> None:
    """Longer and more passages find more of it, at the price of precision; recall by document would be alike."""
    means = {
        evaluation.pipeline: {name: sum(row) / len(row) for name, row in evaluation.scores.items()}
        for evaluation in StudyFolder(study).results().explored
    }
    assert len(means) == 4
    for size in (48, 96):
        one, three = (
            next(value for name, value in means.items() if f"size={size}" in name and f"top_k={k}" in name)
            for k in (1, 3)
        )
        assert one["evidence_recall"] <= three["evidence_recall"]
        assert one["evidence_precision"] > three["evidence_precision"]
    assert all(0 < each["evidence_iou"] < each["evidence_recall"] <= 1 for each in means.values())


def test_each_question_stands_with_its_evidence(run: Run, study: Path) -> None:
    """Passages that have some of it are marked, and it is said how much was found."""
    ran = run("questions", study, "--pipeline", "1")
    assert ran.code == 0
    assert len(re.findall(r"^  evidence  \S+\.txt: ", ran.out, re.MULTILINE)) == 12
    assert len(re.findall(r"\d of 1 piece of evidence found whole: \d+ of \d+ characters, among ", ran.out)) == 12
    assert "[gold, evidence]: " in ran.out


PAGE = """<html><body><nav>Home | Shop</nav><h1>Returns</h1>
<p>A purchase may be <b>returned</b> within 30&nbsp;days of delivery.</p><p>Write to us.</p></body></html>"""
PARSED = """
name: parsed
data: {questions: questions.jsonl, documents: documents, explore: 1, confirm: 0}
pipeline:
  parse: {plain_html: {skip_navigation: [true, false]}, trafilatura: {}}
  chunk: {sentences: {size: 16}}
  retrieve: {bm25: {top_k: 1}}
objectives: {evidence_recall: maximize}
search: {strategy: grid}
"""


def test_evidence_is_found_however_a_file_is_parsed(tmp_path: Path) -> None:
    """Places differ from those in the text that it was quoted from; the words are the same."""
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents/returns.html").write_text(PAGE)
    asked = {
        "question": "Within how many days of delivery is it returned?",
        "evidence": "may be returned within 30 days",
    }
    (tmp_path / "questions.jsonl").write_text(json.dumps(asked))
    (tmp_path / "space.yaml").write_text(PARSED)
    found = StudyFolder(explored(tmp_path / "space.yaml", tmp_path / "study")).results().explored
    assert len(found) == 3
    assert {evaluation.scores["evidence_recall"] for evaluation in found} == {(1.0,)}
    assert len({evaluation.scores["evidence_precision"] for evaluation in found}) > 1
