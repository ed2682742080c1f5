"""A question is kept if it is answered with its passage, and not without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.explorer.generating.quizmaster import PROMPTS, Quizmaster, caller
from tradespace.components.base import Pipeline
from tradespace.data.generation.written import GeneratedType, WrittenQuestion
from tradespace.explorer.generating.assigning import ASKED_ABOUT
from tradespace.explorer.generating.examiner import Examinee, Examiner, model_examiner, reader_examiner
from tradespace.explorer.generating.fates import Fate
from tradespace.explorer.generating.sources import Assignment, SourcePassage
from tradespace.explorer.running.recorded_calls import RecordedCalls
from tradespace.testing.paragraphs import documents, questions
from tradespace.testing.scripted import Scripted
from tradespace.types import Document, Failure

FACT, YES_NO, TWO, UNANSWERABLE = (
    GeneratedType.FACT,
    GeneratedType.YES_NO,
    GeneratedType.TWO_PASSAGES,
    GeneratedType.UNANSWERABLE,
)


def examined(
    recorded_calls: RecordedCalls, examiner: Examiner, question_type: GeneratedType, asked: WrittenQuestion, *names: str
) -> Fate | Failure:
    """What becomes of a question about the passages of these documents that hold its answer, or their first ones."""
    corpus = recorded_calls.corpus(Pipeline((ASKED_ABOUT,)))
    known = {document.id: document for document in corpus.documents}
    of_document = [[passage for passage in corpus.passages if passage.document_id == name] for name in names]
    passages = [next((one for one in some if asked.answer in one.text), some[0]) for some in of_document]
    sources = tuple(SourcePassage.of(passage, known) for passage in passages)
    (fate,) = examiner.fates([Examinee(Assignment(question_type, sources), asked)], recorded_calls, corpus)
    return fate


@pytest.mark.parametrize(
    ("question_type", "asked", "names", "fate"),
    [
        (FACT, ("Who built the Heron?", "Nora Berg"), ["Heron.md"], Fate.KEPT),
        (FACT, ("Who built the Heron?", "Otto Lund"), ["Heron.md"], Fate.NOT_ANSWERED),
        (FACT, ("Who built the Heron?", "Nora Berg"), ["Osprey.md"], Fate.NOT_ANSWERED),
        (FACT, ("Who built the Kestrel?", "Maria Berg"), ["Kestrel.md"], Fate.ANSWERED_WITHOUT),
        (YES_NO, ("Was the Heron built in 1814?", "yes"), ["Heron.md"], Fate.KEPT),
        (YES_NO, ("Was the Heron built in 1999?", "yes"), ["Heron.md"], Fate.NOT_ANSWERED),
        (TWO, ("Who built the older one, the Heron or the Osprey?", "Otto Lund"), ["Heron.md", "Osprey.md"], Fate.KEPT),
        (TWO, ("Who built the Heron?", "Nora Berg"), ["Heron.md", "Osprey.md"], Fate.ANSWERED_WITHOUT),
        (UNANSWERABLE, ("Who painted the Heron?", ""), ["Heron.md"], Fate.KEPT),
        (UNANSWERABLE, ("Who built the Heron?", ""), ["Heron.md"], Fate.ANSWERED),
    ],
)
def test_a_model_tells_what_needs_its_passage(
    recorded_calls: RecordedCalls, question_type: GeneratedType, asked: tuple[str, str], names: list[str], fate: Fate
) -> None:
    """It answers from the passage, from one of two alone, and by heart; it says where nothing is told."""
    examiner = model_examiner(Quizmaster(knows="Kestrel"))
    assert examined(recorded_calls, examiner, question_type, WrittenQuestion(*asked), *names) is fate


def test_an_unanswerable_question_is_looked_for_elsewhere(recorded_calls: RecordedCalls) -> None:
    """That its own passage does not answer it is not enough: the nearest others are read, too."""
    asked = WrittenQuestion("Who built the Osprey?")
    assert examined(recorded_calls, model_examiner(Quizmaster()), UNANSWERABLE, asked, "Heron.md") is Fate.ANSWERED


def test_nobody_is_asked_yes_or_no_by_heart(recorded_calls: RecordedCalls) -> None:
    """Half of the guesses would be right."""
    asked = WrittenQuestion("Was the Heron built in 1814?", "yes")
    examined(recorded_calls, model_examiner(Quizmaster()), YES_NO, asked, "Heron.md")
    assert len(PROMPTS) == 1


def test_a_failed_call_is_no_verdict(recorded_calls: RecordedCalls) -> None:
    """The reason is told, and the question is neither kept nor called bad."""
    examiner = model_examiner(Quizmaster())
    broken = Examiner(examiner.reader.with_settings(model=Scripted(fail_on="Heron")), examiner.by_heart)
    fate = examined(recorded_calls, broken, FACT, WrittenQuestion("Who built the Heron?", "Nora Berg"), "Heron.md")
    assert isinstance(fate, Failure)
    assert "the line is dead" in fate.message


@pytest.fixture(scope="module")
def paragraphs(tmp_path_factory: pytest.TempPathFactory) -> RecordedCalls:
    """Makes calls over real paragraphs."""
    return caller(tmp_path_factory.mktemp("paragraphs"), documents())


def test_the_bundled_reader_keeps_most_questions_of_people(paragraphs: RecordedCalls) -> None:
    """Of real questions about real paragraphs, it answers most from their paragraph and not from the nearest others."""
    fates = [
        examined(paragraphs, reader_examiner(), FACT, WrittenQuestion(asked.text, asked.answers[0]), asked.gold[0])
        for asked in questions()[:24]
    ]
    assert fates.count(Fate.KEPT) > 12


def test_the_bundled_reader_drops_what_other_documents_answer(tmp_path: Path) -> None:
    """With a copy of the paragraph, the question no longer needs the one that it was written about."""
    asked, document = questions()[0], documents()[0]
    copied = caller(tmp_path, (*documents(), Document("copy", document.text, document.title)))
    written = WrittenQuestion(asked.text, asked.answers[0])
    assert examined(copied, reader_examiner(), FACT, written, document.id) is Fate.ANSWERED_WITHOUT


def test_the_bundled_reader_finds_no_answer_where_there_is_none(paragraphs: RecordedCalls) -> None:
    """It is unsure of what it reads; of a question that a paragraph answers it is sure."""
    nonsense = WrittenQuestion("How many moons of Zorblax did Emperor Quxley paint in 2931?")
    assert examined(paragraphs, reader_examiner(), UNANSWERABLE, nonsense, documents()[3].id) is Fate.KEPT
    answered = [
        examined(paragraphs, reader_examiner(), UNANSWERABLE, WrittenQuestion(asked.text), asked.gold[0])
        for asked in questions()[:24]
    ]
    assert answered.count(Fate.ANSWERED) > 12
