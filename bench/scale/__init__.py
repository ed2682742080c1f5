"""Beyond one machine: calls on several workers, and a ledger that many share."""
