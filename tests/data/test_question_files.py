"""Questions that are written are read back as they were."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tradespace.data import Source, load_dataset
from tradespace.data.question_files import question_lines
from tradespace.types import Evidence, Question

TEXT = "The Heron was built in 1814 by Nora Berg.\nIt has 12 rooms."


def read_back(folder: Path, questions: list[Question]) -> tuple[Question, ...]:
    """The questions of a folder with a document that they are about."""
    (folder / "documents").mkdir(exist_ok=True)
    (folder / "documents" / "heron.md").write_text(TEXT)
    (folder / "documents" / "osprey.md").write_text("The Osprey was built in 1807.")
    (folder / "questions.jsonl").write_text(question_lines(questions), encoding="utf-8")
    source = Source(questions=str(folder / "questions.jsonl"), documents=str(folder / "documents"))
    return load_dataset(source).questions


def test_all_that_is_known_of_a_question_is_kept(tmp_path: Path) -> None:
    """Answers, gold, evidence with its place, groups, that it was generated and by what."""
    heron = Evidence("heron.md", "It has 12 rooms.", TEXT.index("It has"))
    osprey = Evidence("osprey.md", "The Osprey was built in 1807.", 0)
    questions = [
        Question(
            "number/1",
            "How many rooms has the Heron?",
            ("12",),
            ("heron.md",),
            evidence=((heron,),),
            groups=(("type", "number"),),
            generated=True,
            generated_by="smollm2()",
        ),
        Question("two/1", "Both?", ("yes",), ("heron.md", "osprey.md"), evidence=((heron,), (osprey,))),
        Question("unanswerable/1", "Who painted it?", ("",), generated=True, generated_by="rules"),
        Question("plain", "Who sat?", ("the cat",)),
    ]
    assert list(read_back(tmp_path, questions)) == questions


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30), st.booleans())
def test_a_question_is_one_line(text: str, generated: bool) -> None:
    """Whatever its text: line ends are escaped, and other scripts stay readable."""
    lines = question_lines([Question("1", text, generated=generated)])
    assert lines.count("\n") == 1
    record = json.loads(lines)
    assert record["question"] == text
    assert record.get("generated", False) is generated
