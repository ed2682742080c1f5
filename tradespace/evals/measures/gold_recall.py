from __future__ import annotations

from tradespace.evals.measures.ranking import RankingMeasure


class GoldRecall(RankingMeasure):
    """Share of the gold documents among the first k documents of the ranking.

    ir_measures `R@k`. With one gold document, as in most question answering data, this is whether it was found.
    """


GOLD_RECALL = tuple(GoldRecall(f"gold_recall@{k}", f"R@{k}") for k in (1, 3, 5, 10, 20))
