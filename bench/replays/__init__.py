"""Numbers that others published, computed again from their recorded calls; `python -m bench.replays` writes them."""
