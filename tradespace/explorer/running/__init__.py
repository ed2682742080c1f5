"""Running pipelines: each distinct call once, through the ledger."""
