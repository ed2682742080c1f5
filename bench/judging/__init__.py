"""Judges with known errors, and people who know the truth: whether corrected intervals hold."""
