"""Adaptation at run time: as load changes, the pipelines that answer, their replicas and batches change with it.

What may be chosen is a menu (`menu.py`), made of a study. A forecast (`forecasts/`) says which load comes next, a
policy (`policies/`) chooses, and a replay (`replaying.py`) or a server serves what was chosen.
"""
