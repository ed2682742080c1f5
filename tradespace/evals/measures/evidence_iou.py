from __future__ import annotations

from tradespace.evals.measures.evidence import EvidenceMeasure
from tradespace.evals.measures.evidence_overlap import Overlap


class EvidenceIntersectionOverUnion(EvidenceMeasure):
    """Characters that are evidence and were retrieved, as a share of those that are either: recall and precision.

    Smith and Troynikov 2024, "Evaluating Chunking Strategies for Retrieval", who count tokens. It is low for every
    pipeline, as evidence is a small part of any passage; its order is what it tells.
    """

    def grade_overlap(self, overlap: Overlap) -> float:
        return overlap.intersection_over_union


EVIDENCE_IOU = EvidenceIntersectionOverUnion("evidence_iou")
