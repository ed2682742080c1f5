"""No search is spent on an objective that nobody can score."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.explorer.test_exploration import Listener
from tradespace.data import Dataset
from tradespace.errors import SpaceError
from tradespace.explorer.exploration import Exploration
from tradespace.explorer.scorable import require_scorable, scored
from tradespace.explorer.storage.study import StudyFolder
from tradespace.search_space.specification import Specification, load_text
from tradespace.types import Document, Question

RETRIEVE = "retrieve: {bm25: {top_k: 5}}"
DOCUMENTS = (Document("d", "Some text."),)


def space(objective: str, stages: str = f"{RETRIEVE}, generate: {{sentence: {{}}}}") -> Specification:
    return load_text(
        f"name: s\ndata: {{dataset: own, explore: 3, confirm: 2}}\npipeline: {{{stages}}}\n"
        f"objectives: {{{objective}: maximize, latency_p95: minimize}}\n"
    )


def asked(**known: tuple[str, ...]) -> Dataset:
    """Five questions of which all is known that is given."""
    return Dataset("own", DOCUMENTS, tuple(Question(str(number), "What?", **known) for number in range(5)))


def refusal(specification: Specification, dataset: Dataset) -> str:
    with pytest.raises(SpaceError) as raised:
        require_scorable(specification, dataset.split(3, 2, 0))
    return str(raised.value)


def test_answers_cannot_be_scored_where_no_question_has_any() -> None:
    """What is needed, how many questions there are, and what can be scored instead."""
    message = refusal(space("answer_f1"), asked(gold=("d",)))
    assert message.startswith(
        "the objective answer_f1 needs questions with accepted answers that it can compare; it can score 0 of 3 "
        "explore and 0 of 2 confirm questions. Measures that can score questions here, and how many: gold_recall@1 (5)"
    )
    assert "answer_em" not in message


def test_passages_cannot_be_scored_without_gold_documents() -> None:
    """The same for the measures of rankings."""
    message = refusal(space("mrr"), asked(answers=("That",)))
    assert "the objective mrr needs questions with gold documents" in message
    assert "answer_em (5), answer_f1 (5), answer_contained (5)" in message
    assert "answer_number" not in message


def test_answers_cannot_be_scored_where_no_stage_gives_any() -> None:
    """Nor passages where none retrieves."""
    known = asked(gold=("d",), answers=("That",))
    assert "scores the stage `generate`, and the pipeline has none" in refusal(space("answer_f1", RETRIEVE), known)
    only_generated = space("mrr", "generate: {sentence: {}}")
    assert "scores the stage `retrieve`, and the pipeline has none" in refusal(only_generated, known)


def test_nothing_at_all_can_be_scored_where_nothing_is_known() -> None:
    """Then it is the questions that must be changed."""
    assert refusal(space("mrr"), asked()).endswith("add `answers`, `gold` or `evidence` to the questions")


def test_what_some_questions_allow_is_counted() -> None:
    """One of five is enough to go on with, where it is not of a split that then has none."""
    dataset = asked(gold=("d",))
    known = tuple(Question(question.id, "What?", ("That",)) for question in dataset.questions)
    for place in range(5):
        mixed = Dataset("own", DOCUMENTS, (*known[:place], dataset.questions[place], *known[place + 1 :]))
        counts = scored(space("answer_f1"), mixed.split(3, 2, 0))["answer_f1"]
        assert (counts.explore + counts.confirm, counts.explore_of, counts.confirm_of) == (4, 3, 2)
        require_scorable(space("answer_f1"), mixed.split(3, 2, 0))


def test_an_exploration_refuses_before_it_begins(tmp_path: Path) -> None:
    """No study folder is made."""
    with pytest.raises(SpaceError, match="can score 0 of 3"):
        Exploration(space("answer_f1"), StudyFolder(tmp_path / "study"), asked(gold=("d",)), Listener()).run()
    assert not (tmp_path / "study").exists()
