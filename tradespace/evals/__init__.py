"""How good, how fast and how costly: measures of single questions, and statistics over many."""

from tradespace.evals.measures import Measure, measure, measures
from tradespace.evals.table import explain, score_table

__all__ = ["Measure", "explain", "measure", "measures", "score_table"]
