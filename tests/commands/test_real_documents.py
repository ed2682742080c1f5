"""A folder of PDF, HTML and Word files, from `check` to a question: parsers are explored, passages name their page."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.commands.conftest import Run, explored
from tests.parsing.made_files import PAGE, pdf, word_file
from tradespace.explorer.storage.study import StudyFolder

BOOK = pdf(
    ["Foreword\nThis book is about the customs of amber traders.", "Prices\nA pound of amber costs 40 crowns."],
    outline=[("Foreword", 0, 0), ("Prices", 0, 1)],
)
SPACE = """
name: documents
data: {questions: questions.jsonl, documents: documents, explore: 3, confirm: 1}
pipeline:
  parse: {pypdf: {}, pdfminer: {}}
  parse_2: {plain_html: {skip_navigation: [false, true]}}
  chunk: {sections: {headings: [false, true]}}
  retrieve: {bm25: {top_k: 2}}
objectives: {mrr: maximize, latency_p95: minimize}
search: {strategy: grid}
"""
ASKED = [
    ("What does a pound of amber cost?", "book.pdf"),
    ("Who trades amber?", "book.pdf"),
    ("When may a purchase be returned?", "rules.html"),
    ("How many days has Norway?", "rules.docx"),
]


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documents, four questions about them, and what is to be explored."""
    folder = tmp_path_factory.mktemp("documents")
    (folder / "documents").mkdir()
    for name, content in {"book.pdf": BOOK, "rules.html": PAGE.encode(), "rules.docx": word_file()}.items():
        (folder / "documents" / name).write_bytes(content)
    rows = [json.dumps({"question": question, "gold": gold}) for question, gold in ASKED]
    (folder / "questions.jsonl").write_text("\n".join(rows))
    (folder / "space.yaml").write_text(SPACE)
    return folder / "space.yaml"


@pytest.fixture(scope="module")
def study(space: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The space, explored."""
    return explored(space, tmp_path_factory.mktemp("studies") / "documents")


def test_parsers_are_a_part_of_the_space(run: Run, space: Path) -> None:
    """As chunkers are: `check` counts them."""
    checked = run("check", space)
    assert checked.code == 0, checked.err
    assert "parse    │ pypdf (1), pdfminer (1)" in checked.out
    assert "parse_2  │ plain_html (2)" in checked.out
    assert "8 pipelines allowed" in checked.out


def test_all_pipelines_are_explored(study: Path) -> None:
    """With the parsers among their stages, and no seconds for what works before any question."""
    evaluations = StudyFolder(study).results().explored
    assert len(evaluations) == 8
    assert all(not evaluation.failures for evaluation in evaluations)
    assert {evaluation.stages["parse"] for evaluation in evaluations} == {"pypdf()", "pdfminer()"}
    assert {tuple(evaluation.seconds) for evaluation in evaluations} == {("retrieve",)}


@pytest.mark.parametrize("headings", ["", "headings=True"])
def test_a_passage_names_its_page_and_its_section(run: Run, study: Path, headings: str) -> None:
    """In what `ask` and `questions` show, as the pipeline reads the file."""
    pipeline = f"pdfminer() >> plain_html() >> sections({headings}) >> bm25(top_k=2)"
    asked = run("ask", study, ASKED[0][0], "--pipeline", pipeline)
    assert asked.code == 0, asked.err
    assert "(page 2, Prices)" in asked.out
    listed = run("questions", study, "--pipeline", pipeline)
    assert listed.code == 0, listed.err
    assert "(page 2, Prices) [gold]: Prices A pound of amber" in listed.out


def test_a_file_that_cannot_be_read_stops_nothing_that_goes_on_without_it(run: Run, space: Path) -> None:
    """`check` refuses it with the reason, and what to say to go on; then it is a warning."""
    bad = space.parent / "documents" / "secret.pdf"
    bad.write_bytes(pdf(["One."], password="x"))
    try:
        refused = run("check", space)
        assert refused.code == 2
        assert "secret.pdf: must be readable without a password" in refused.err
        assert "`unreadable: skip`" in refused.err
        skipping = space.parent / "skipping.yaml"
        skipping.write_text(SPACE.replace("explore: 3", "unreadable: skip, explore: 3"))
        checked = run("check", skipping)
        assert checked.code == 0, checked.err
        assert "secret.pdf: must be readable without a password" in checked.out
    finally:
        bad.unlink()


def test_init_goes_on_without_what_cannot_be_read_and_says_so(run: Run, space: Path, tmp_path: Path) -> None:
    """In what it prints and in the file; the file checks. Where all can be read, nothing is said."""
    questions, documents = space.parent / "questions.jsonl", tmp_path / "documents"
    shutil.copytree(space.parent / "documents", documents)
    made = run("init", tmp_path / "whole.yaml", "--questions", questions, "--documents", documents)
    assert "unreadable" not in made.out + (tmp_path / "whole.yaml").read_text()
    (documents / "secret.pdf").write_bytes(pdf(["One."], password="x"))
    made = run("init", tmp_path / "space.yaml", "--questions", questions, "--documents", documents)
    assert made.code == 0, made.err
    assert "go on without them (`unreadable: skip`):" in made.out
    assert "secret.pdf: must be readable without a password" in made.out
    assert '  unreadable: "skip"\n' in (tmp_path / "space.yaml").read_text()
