"""Questions whose answers by real language models were recorded; the model `replay` has the recordings."""

from __future__ import annotations

import json
import lzma
from functools import cache
from importlib.resources import files

from tradespace.data.dataset import Dataset
from tradespace.types import Question

SETS = {
    "game24": "game24",
    "aqua": "aqua_pot",
    "humaneval": "codet_humaneval",
    "gsm8k": "zeroeval_gsm",
    "primes": "llmdrift_prime",
}
"""The published set of each dataset."""


@cache
def replayed(name: str) -> Dataset:
    """The questions of one of the `SETS`. There are no documents to search."""
    text = lzma.decompress((files(__package__) / f"{SETS[name]}.jsonl.xz").read_bytes()).decode()
    rows = map(json.loads, text.split("\n")[:-1])
    return Dataset(name, (), tuple(Question(row["id"], row["text"], tuple(row["answers"])) for row in rows))
