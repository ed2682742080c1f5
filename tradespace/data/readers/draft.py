"""What a reader gathers before it is checked: documents and questions with the places they come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, TypeVar

from tradespace.data.dataset import Dataset
from tradespace.data.evidence import QuotedPieces
from tradespace.data.readers.base import DatasetReading
from tradespace.data.readers.evidenced import MOST_SUGGESTIONS, EvidenceFinder
from tradespace.encoding import encodable
from tradespace.errors import DataError, Fault
from tradespace.plurals import agreeing
from tradespace.types import Document, Question

Place = Callable[[], str]
"""Says where something was found, as `path:line`. Asked only when a fault is written."""

T = TypeVar("T", Document, Question)


@dataclass
class Draft:
    """Gathers what is read and what is wrong, and checks the whole: ids, empty texts, gold documents, evidence.

    Attributes:
        name: of the dataset.
        format: name of the reader.
        gold_places: where a gold document was named, by (question id, document id), if not in the question's own place.
        quoted: evidence as it was written, by the id of its question.
        unread: why documents could not be read that were left out, as was asked for.
    """

    name: str
    format: str
    documents: list[tuple[Document, Place]] = field(default_factory=list)
    questions: list[tuple[Question, Place]] = field(default_factory=list)
    gold_places: dict[tuple[str, str], Place] = field(default_factory=dict)
    quoted: dict[str, QuotedPieces] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    unread: list[Fault] = field(default_factory=list)
    fatal: list[Fault] = field(default_factory=list)

    def fail(self, message: str, where: str) -> None:
        """Note something that must be put right."""
        self.fatal.append(Fault(message, where))

    def warn(self, message: str, where: str) -> None:
        """Note something that does no harm; the message says what is done about it."""
        self.faults.append(Fault(message, where))

    def quote(self, question_id: str, pieces: QuotedPieces) -> None:
        """Note the evidence of a question as it is written; it is looked for once all documents are known."""
        if pieces:
            self.quoted.setdefault(encodable(question_id), pieces)

    def reading(self) -> DatasetReading:
        """Check everything that was gathered and return it."""
        documents = tuple(document for document, _ in self._checked("document", self.documents))
        asked = list(self._checked("question", self.questions))
        questions = tuple(self._with_known_gold(asked, {document.id for document in documents}))
        questions = self._with_evidence(questions, [place for _, place in asked], documents)
        self._require_some("document", documents)
        self._require_some("question", questions)
        self._warn_of_unscored(asked)
        dataset = Dataset(self.name, documents, questions)
        return DatasetReading(self.format, dataset, tuple(self.faults), tuple(self.fatal), tuple(self.unread))

    def questions_alone(self) -> tuple[Question, ...]:
        """Check the questions and return them, whatever the documents.

        Raises:
            DataError: there is none, or something fatal is wrong; the error carries every fault, the fatal ones first.
        """
        questions = tuple(question for question, _ in self._checked("question", self.questions))
        self._require_some("question", questions)
        if self.fatal:
            raise DataError(self.fatal + self.faults)
        return questions

    def documents_alone(self) -> DatasetReading:
        """Check the documents and return them, whatever the questions."""
        documents = tuple(document for document, _ in self._checked("document", self.documents))
        self._require_some("document", documents)
        return DatasetReading(self.format, Dataset(self.name, documents, ()), tuple(self.faults), tuple(self.fatal))

    def _checked(self, kind: str, gathered: Iterable[tuple[T, Place]]) -> Iterator[tuple[T, Place]]:
        return self._unique(kind, self._with_text(self._encodable(gathered)))

    def _encodable(self, gathered: Iterable[tuple[T, Place]]) -> Iterator[tuple[T, Place]]:
        """Halves of surrogate pairs, which JSON can write and file names can hold, are in no encoding."""
        for value, place in gathered:
            if (whole := _encoded(value)) is not value:
                self.warn(f"half a character (a lone surrogate) in {whole.id!r} was replaced by U+FFFD", place())
            yield whole, place

    def _with_text(self, items: Iterable[tuple[T, Place]]) -> Iterator[tuple[T, Place]]:
        for value, place in items:
            if value.text.strip():
                yield value, place
            else:
                self.warn(f"the text of {value.id!r} is empty; it was left out", place())

    def _unique(self, kind: str, items: Iterable[tuple[T, Place]]) -> Iterator[tuple[T, Place]]:
        seen: dict[str, tuple[T, Place]] = {}
        for value, place in items:
            first, first_place = seen.setdefault(value.id, (value, place))
            if first_place is place:
                yield value, place
            elif first == value:
                self.warn(f"{kind} {value.id!r} is at {first_place()} too; it was read once", place())
            else:
                self.fail(
                    f"the id of a {kind} must be unique; {value.id!r} is also the id of another at {first_place()}",
                    place(),
                )

    def _with_known_gold(self, asked: Sequence[tuple[Question, Place]], documents: set[str]) -> Iterator[Question]:
        named = [name for question, _ in asked for name in question.gold]
        if documents.isdisjoint(named):
            if documents and named:
                valid = f"gold documents must be ids of documents, such as {min(documents)!r}"
                self.fail(f"{valid}; none of the {len(named)} is, such as {named[0]!r}", asked[0][1]())
            yield from (question for question, _ in asked)
            return
        for question, place in asked:
            gold = tuple(self._known(question, place, documents))
            yield replace(question, gold=gold, gold_alternatives=_alternatives_among(gold, question.gold_alternatives))

    def _known(self, question: Question, place: Place, documents: set[str]) -> Iterator[str]:
        for name in question.gold:
            if name in documents:
                yield name
            else:
                where = self.gold_places.get((question.id, name), place)()
                self.warn(f"gold document {name!r} of question {question.id!r} is missing; it was left out", where)

    def _with_evidence(
        self, questions: Sequence[Question], places: Sequence[Place], documents: Sequence[Document]
    ) -> tuple[Question, ...]:
        """Evidence that stands nowhere does no harm beside other evidence; if none stands anywhere, it is a mistake."""
        if not self.quoted or not documents:
            return tuple(questions)
        finder = EvidenceFinder.among(documents)
        found = tuple(
            finder.evidenced(question, self.quoted.get(question.id, ()), place)
            for question, place in zip(questions, places, strict=True)
        )
        if any(question.evidence for question in found):
            self.faults += finder.faults
        else:
            self.fatal += finder.faults[:MOST_SUGGESTIONS]
        return found

    def _require_some(self, kind: str, items: Sequence[object]) -> None:
        if not items and not self.fatal:
            self.fail(f"there must be at least one {kind}; none was found", self.name)

    def _warn_of_unscored(self, asked: Sequence[tuple[Question, Place]]) -> None:
        unscored = [
            place
            for question, place in asked
            if not question.answers and not question.gold and question.id not in self.quoted
        ]
        if unscored:
            questions = agreeing(len(unscored), "question that has", "questions that have")
            message = f"no measure can score {questions} neither answers, gold documents nor evidence"
            self.warn(f"{message}; this is the first", unscored[0]())


def _alternatives_among(known: Sequence[str], groups: Iterable[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """Groups of alternatives with their known documents; none where each is left with one."""
    kept = [tuple(name for name in group if name in known) for group in groups]
    return tuple(filter(None, kept)) if any(len(names) > 1 for names in kept) else ()


def _encoded(part: Any) -> Any:
    """A value whose texts can be encoded, however deep they stand in it: itself, if all of them can."""
    if isinstance(part, str):
        return encodable(part)
    if isinstance(part, tuple):
        return tuple(map(_encoded, part))
    if not is_dataclass(part) or isinstance(part, type):
        return part
    values = {field.name: getattr(part, field.name) for field in fields(part)}
    whole = {name: _encoded(value) for name, value in values.items()}
    return part if whole == values else replace(part, **whole)
