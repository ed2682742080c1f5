"""People label answers that a judge scored: which, what they said, and what the judge says when asked once more."""
