"""What follows from evaluations: figures, the frontier, the split, the recommendation."""
