"""What is kept: the ledger, a study with its evaluations, and their upkeep."""
