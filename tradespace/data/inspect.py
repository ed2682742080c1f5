"""What is in a dataset, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tradespace.data.answers import AnswerProfile, answer_profile
from tradespace.data.dataset import Dataset
from tradespace.data.lengths import Lengths, lengths
from tradespace.data.load import Source, read_dataset
from tradespace.data.readers import DatasetReading
from tradespace.errors import Fault
from tradespace.types import Document, Question

SAMPLE_QUESTIONS = 3


@dataclass(frozen=True, slots=True)
class SampleQuestion:
    """A question with its first gold document, if it has one."""

    question: Question
    document: Document | None


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was read.

    Attributes:
        dataset: everything that could be read.
        name: of the dataset.
        format: name of the reader, or `bundled`.
        key: content address of what was read.
        documents: number of documents.
        questions: number of questions.
        with_answers: number of questions that have accepted answers.
        with_gold: number of questions that have gold documents.
        with_evidence: number of questions that have evidence.
        generated: number of questions that a program or a model wrote.
        document_words: lengths of the documents.
        question_words: lengths of the questions.
        answers: what the accepted answers are like.
        samples: a few questions, always the same ones.
        faults: what is wrong but does no harm.
        fatal: what must be put right before the data can be used.
    """

    dataset: Dataset
    name: str
    format: str
    key: str
    documents: int
    questions: int
    with_answers: int
    with_gold: int
    with_evidence: int
    generated: int
    document_words: Lengths
    question_words: Lengths
    answers: AnswerProfile
    samples: tuple[SampleQuestion, ...]
    faults: tuple[Fault, ...]
    fatal: tuple[Fault, ...]


def inspect(source: Source | str, base_folder: Path = Path()) -> Inspection:
    """Read a dataset, whatever is wrong with it, and say what was read.

    Raises:
        DataError: nothing is there, or the format is not recognized.
    """
    return inspected(read_dataset(source, base_folder))


def inspected(reading: DatasetReading) -> Inspection:
    """Say what was read."""
    data = reading.dataset
    return Inspection(
        dataset=data,
        name=data.name,
        format=reading.format,
        key=data.key,
        documents=len(data.documents),
        questions=len(data.questions),
        with_answers=sum(bool(question.answers) for question in data.questions),
        with_gold=sum(bool(question.gold) for question in data.questions),
        with_evidence=sum(bool(question.evidence) for question in data.questions),
        generated=sum(question.generated for question in data.questions),
        document_words=lengths(document.text for document in data.documents),
        question_words=lengths(question.text for question in data.questions),
        answers=answer_profile(data),
        samples=_samples(data),
        faults=reading.faults,
        fatal=reading.fatal,
    )


def _samples(data: Dataset) -> tuple[SampleQuestion, ...]:
    documents = {document.id: document for document in data.documents}
    drawn = data.split(min(SAMPLE_QUESTIONS, len(data.questions)), 0, seed=0).explore
    return tuple(SampleQuestion(question, documents.get(next(iter(question.gold), ""))) for question in drawn)
