from __future__ import annotations

from tradespace.evals.measures.evidence import EvidenceMeasure
from tradespace.evals.measures.evidence_overlap import Overlap


class EvidencePrecision(EvidenceMeasure):
    """Share of the retrieved characters that are evidence: how little else a language model has to read.

    What was retrieved twice, by passages that overlap, counts once as evidence and twice as retrieved.

    Smith and Troynikov 2024, "Evaluating Chunking Strategies for Retrieval", who count tokens.
    """

    def grade_overlap(self, overlap: Overlap) -> float:
        return overlap.precision


EVIDENCE_PRECISION = EvidencePrecision("evidence_precision")
