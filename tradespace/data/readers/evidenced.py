"""Questions with the evidence that they were given, once all documents are known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from tradespace.data.evidence import Quotation, QuotedPieces, SearchedTexts, located_evidence
from tradespace.data.readers.groups import gold_of
from tradespace.errors import DataError, Fault
from tradespace.types import Document, Evidence, Question

MOST_SUGGESTIONS = 20
"""Faults that say what was probably meant, as finding that out takes time."""


@dataclass
class EvidenceFinder:
    """Looks in documents for what questions quote.

    Attributes:
        faults: what was not found, each with its place and with what was left out for it.
    """

    searched: SearchedTexts
    faults: list[Fault] = field(default_factory=list)

    @classmethod
    def among(cls, documents: Iterable[Document]) -> EvidenceFinder:
        """One that looks in these documents."""
        return cls(SearchedTexts(documents))

    def evidenced(self, question: Question, pieces: QuotedPieces, place: Callable[[], str]) -> Question:
        """The question with its evidence, and with the documents that it stands in as gold ones if it had none.

        An alternative that is not found is left out. A piece of which none is found takes all evidence of the question
        with it: scores by the rest would be too high.
        """
        problems: list[str] = []
        evidence = tuple(self._found(piece, question, problems) for piece in pieces)
        left = "it was left out" if all(evidence) else "all evidence of this question was left out"
        for problem in problems:
            self._note(f"{problem}; {left}", question, place)
        if not evidence or not all(evidence):
            return question
        if not question.gold:
            gold, alternatives = gold_of([each.document_id for each in piece] for piece in evidence)
            return replace(question, evidence=evidence, gold=gold, gold_alternatives=alternatives)
        for piece in evidence:
            names = {each.document_id for each in piece}
            if names.isdisjoint(question.gold):
                self._note(f"it stands in {min(names)!r}, which is no gold document; both were kept", question, place)
        return replace(question, evidence=evidence)

    def _found(self, piece: Sequence[Quotation], question: Question, problems: list[str]) -> tuple[Evidence, ...]:
        """Each place that an alternative of a piece stands for."""
        found: dict[Evidence, None] = {}
        for quotation in piece:
            suggesting = len(self.faults) + len(problems) < MOST_SUGGESTIONS
            try:
                found |= dict.fromkeys(located_evidence(quotation, question.gold, self.searched, suggesting=suggesting))
            except DataError as error:
                problems.append(str(error))
        return tuple(found)

    def _note(self, problem: str, question: Question, place: Callable[[], str]) -> None:
        self.faults.append(Fault(f"evidence of question {question.id!r}: {problem}", place()))
