"""Seconds that can be trusted: quiet timing of stages, and what follows for pipelines."""
