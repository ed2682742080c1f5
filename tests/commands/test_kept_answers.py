"""What finalists answered is kept in the study, short and without secrets, for the report."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.conftest import copied
from tradespace import secrets
from tradespace.explorer import gathered_texts
from tradespace.explorer.answer_texts import AnswerTexts, GivenAnswer
from tradespace.explorer.conclusions.conclusion import conclude
from tradespace.explorer.conclusions.differing import differing_pairs
from tradespace.explorer.files import read_data, specification_of
from tradespace.explorer.gathered_texts import (
    KEPT_PASSAGES,
    PASSAGE_CHARACTERS,
    KeptPassages,
    cut_text,
    gather_texts,
    given_answer,
)
from tradespace.explorer.questions import Attempt, question_records
from tradespace.explorer.storage.study import StudyFolder
from tradespace.types import Answer, Passage, ScoredPassage


@pytest.fixture
def copy(study: Path, tmp_path: Path) -> Iterator[StudyFolder]:
    """A copy to change."""
    with copied(study, tmp_path / "copy") as copy:
        yield copy


def gathered(study: StudyFolder) -> AnswerTexts:
    """What is gathered anew."""
    specification = specification_of(study)
    texts = gather_texts(study, specification, read_data(specification).dataset, study.results())
    assert texts
    return texts


def test_exploring_keeps_what_tells_finalists_apart(copy: StudyFolder) -> None:
    """The same as the ledger says, question by question."""
    results = copy.results()
    texts = results.texts
    pairs = differing_pairs(results, conclude(results))
    assert texts and pairs
    assert [question.place for question in texts.questions] == sorted({at for pair in pairs for at in pair.places})
    evaluation = pairs[0].first
    records = question_records(copy, [evaluation], evaluation.question_set)
    for question in texts.questions:
        record = records[question.place]
        (attempt,) = record.attempts
        given = question.answers[evaluation.pipeline]
        assert (question.text, question.documents) == (record.question.text, 1)
        assert (attempt.answer, given.text) == (None, "")
        assert given.found == len(attempt.passages)
        shown = [texts.passages[key] for key in given.passages]
        assert len(shown) == min(KEPT_PASSAGES, given.found)
        for text, scored in zip(shown, attempt.passages, strict=False):
            assert text == f"{scored.passage.id}: {cut_text(scored.passage.text, PASSAGE_CHARACTERS)}"


def test_an_answer_is_kept_with_what_went_wrong() -> None:
    """And why nothing is known of one that the ledger lacks."""
    passage = ScoredPassage(Passage("a[0:9]", "a", "It is\n1969."), 1.0)
    answered = Attempt(Answer(" in\n1969 ", 0.9), (passage,) * 4, {})
    passages = KeptPassages()
    assert given_answer(answered, passages) == GivenAnswer(text="in 1969", passages=("0",) * 3, found=4)
    assert passages.texts == {"0": "a[0:9]: It is 1969."}
    lacking = Attempt(None, (), {}, lacking="its call is not in the ledger")
    assert given_answer(lacking, passages) == GivenAnswer(failure="its call is not in the ledger")


def test_no_call_is_made_and_gathering_again_gives_the_same(copy: StudyFolder) -> None:
    """It is read back from the ledger."""
    calls = len(copy.ledger)
    assert gathered(copy) == copy.texts()
    assert len(copy.ledger) == calls


def test_texts_of_other_evaluations_are_not_read(copy: StudyFolder) -> None:
    """They belong to the questions and documents that were explored with them; a damaged file is as none."""
    texts = copy.texts()
    assert texts
    copy.save_texts(texts.model_copy(update={"context": "another"}))
    assert copy.texts() is None
    (copy.folder / "answers.json").write_text("{")
    assert copy.results().texts is None
    (copy.folder / "answers.json").unlink()
    assert copy.results().texts is None


def test_texts_are_short(monkeypatch: pytest.MonkeyPatch, copy: StudyFolder) -> None:
    """And of few questions, those on which pipelines differ most."""
    monkeypatch.setattr(gathered_texts, "KEPT_QUESTIONS", 2)
    monkeypatch.setattr(gathered_texts, "PASSAGE_CHARACTERS", 10)
    texts = gathered(copy)
    results = copy.results()
    pairs = differing_pairs(results, conclude(results))
    assert {question.place for question in texts.questions} == {at for pair in pairs for at in pair.places[:2]}
    assert all(len(text.partition(": ")[2]) <= 12 for text in texts.passages.values())


def test_secrets_are_not_kept(copy: StudyFolder) -> None:
    """Also where a document holds one."""
    texts = copy.texts()
    assert texts
    word = "quarry"
    assert any(word in text for text in texts.passages.values())
    secrets.hold(word, "SOME_KEY")
    kept = json.dumps(gathered(copy).model_dump(mode="json"))
    assert "[SOME_KEY]" in kept
    assert word not in kept
