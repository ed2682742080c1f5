from __future__ import annotations

from tradespace.evals.measures.evidence import EvidenceMeasure
from tradespace.evals.measures.evidence_overlap import Overlap


class EvidenceRecall(EvidenceMeasure):
    """Share of the evidence, in characters, that stands in the passages that the pipeline hands on.

    However a document is cut, the same text is looked for: chunkings compare fairly, and a long document is not found
    by any of its passages. More and longer passages can only raise it, so weigh it against what they take, or take a
    cutoff. Of alternatives that one counts that was found best; pieces that are needed together are one evidence. White
    space does not count.

    Smith and Troynikov 2024, "Evaluating Chunking Strategies for Retrieval", who count tokens.
    """

    def grade_overlap(self, overlap: Overlap) -> float:
        return overlap.recall


EVIDENCE_RECALL = EvidenceRecall("evidence_recall")
