"""Importers of recorded calls, one file for each set that others published."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tradespace.data.replays import aqua_pot, codet_humaneval, game24, gsm8k, llmdrift_prime
from tradespace.data.replays.base import PublishedReplay, RecordedCompletions

IMPORTERS: Mapping[str, Callable[[Path], PublishedReplay]] = {
    "game24": game24.read,
    "aqua_pot": aqua_pot.read,
    "codet_humaneval": codet_humaneval.read,
    "zeroeval_gsm": gsm8k.read_zeroeval,
    "routellm_gsm8k": gsm8k.read_routellm,
    "llmdrift_prime": llmdrift_prime.read,
}
"""By the name of the folder that holds the published files."""

__all__ = ["IMPORTERS", "PublishedReplay", "RecordedCompletions"]
