"""Deployed pipelines: predicted beside measured, the server's own overhead, and its faults."""
