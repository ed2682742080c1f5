from __future__ import annotations

from tradespace.evals.measures.ranking import RankingMeasure


class NormalisedDiscountedGain(RankingMeasure):
    """Gold documents among the first ten, each discounted by the logarithm of its place, relative to the best ranking.

    ir_measures `nDCG@10`. Järvelin and Kekäläinen 2002, "Cumulated gain-based evaluation of IR techniques".
    """


NDCG = NormalisedDiscountedGain("ndcg@10", "nDCG@10")
