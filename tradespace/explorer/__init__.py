"""Exploring: the ledger, the runner, the strategies, and what follows from what they found."""
