"""Questions that are documents too, as in ArguAna: each would find itself first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tradespace.data.dataset import Dataset
from tradespace.data.readers import DatasetReading
from tradespace.errors import Fault
from tradespace.plurals import agreeing


def identical(dataset: Dataset) -> Mapping[str, str]:
    """For each question that is a document too, by its id, the id of the document: the one with its text."""
    texts: dict[str, str] = {}
    for document in dataset.documents:
        texts.setdefault(document.text.removeprefix(f"{document.title}\n").strip(), document.id)
    copies = {question.id: texts.get(question.text.strip(), "") for question in dataset.questions}
    return {question: document for question, document in copies.items() if document}


def ignoring(reading: DatasetReading) -> DatasetReading:
    """What was read, with each question that is a document, by its text or its id, knowing so: see `Question.itself`.

    A gold document is never ignored.
    """
    data = reading.dataset
    by_text, ids = identical(data), {document.id for document in data.documents}
    questions = []
    for question in data.questions:
        itself = question.id if question.id in ids else by_text.get(question.id, "")
        questions.append(question if itself in question.gold else replace(question, itself=itself))
    return replace(reading, dataset=replace(data, questions=tuple(questions)))


def warned(reading: DatasetReading) -> DatasetReading:
    """What was read, with a warning where questions are documents too."""
    same = identical(reading.dataset)
    gold = {question.id: question.gold for question in reading.dataset.questions}
    first = next((question for question, document in same.items() if document not in gold[question]), None)
    if first is None:
        return reading
    message = (
        f"{agreeing(len(same), 'question is a document too', 'questions are documents too')}, such as {first!r}, which "
        "finds itself first; with ignore_identical: true in the section `data` a question's own document takes no place"
    )
    return replace(reading, faults=(*reading.faults, Fault(message, reading.dataset.name)))
