"""Exploring: the ledger, the runner, the search, and the conclusions from their results."""
