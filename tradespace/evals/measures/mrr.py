from __future__ import annotations

from tradespace.evals.measures.ranking import RankingMeasure


class ReciprocalRank(RankingMeasure):
    """1 / place of the first gold document in the ranking, 0 if there is none. Its mean is the MRR.

    ir_measures `RR`. Kantor and Voorhees 2000, "The TREC-5 Confusion Track".
    """


MRR = ReciprocalRank("mrr", "RR")
