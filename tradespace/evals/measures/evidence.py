"""What measures of evidence share."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from tradespace.evals.measures.base import Needs
from tradespace.evals.measures.evidence_overlap import Overlap, covered_pieces, overlap
from tradespace.evals.measures.passages import PassageMeasure
from tradespace.plurals import count
from tradespace.types import Answer, Passage, Question, Ranking


class EvidenceMeasure(PassageMeasure):
    """Compares the characters of passages with those of a question's evidence."""

    needs: ClassVar[Needs] = Needs.EVIDENCE

    @abstractmethod
    def grade_overlap(self, overlap: Overlap) -> float:
        """What an overlap of evidence and passages is worth."""

    def grade_passages(self, question: Question, passages: Sequence[Passage]) -> float:
        return self.grade_overlap(overlap(question, passages))

    def reason(self, question: Question, ranking: Ranking | None, answer: Answer | None) -> str:
        """How much of the evidence was found, and among how much else."""
        if ranking is None or not self.applies_to(question):
            return ""
        passages = self.looked_at(question, ranking)
        counted, pieces = overlap(question, passages), covered_pieces(question, passages)
        whole = sum(piece.share == 1 for piece in pieces)
        return (
            f"{whole} of {count(len(pieces), 'piece')} of evidence found whole: {counted.found:,} of "
            f"{count(counted.evidence, 'character')}, among {counted.retrieved:,} in "
            f"{count(len(passages), 'passage')}"
        )
