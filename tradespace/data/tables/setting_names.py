"""Names of columns as names of settings, which the notation of pipelines can hold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from keyword import iskeyword


def setting_names(columns: Sequence[str]) -> tuple[str, ...]:
    """A name for each column, no two alike: of letters, digits and _.

    >>> setting_names(["chunk size", "top-k", "5th", "class", "Chunk size"])
    ('chunk_size', 'top_k', 'setting_5th', 'class_', 'Chunk_size')
    """
    names: list[str] = []
    for column in columns:
        name = _identifier(column)
        while name in names:
            name += "_"
        names.append(name)
    return tuple(names)


def _identifier(column: str) -> str:
    plain = re.sub(r"\W+", "_", unicodedata.normalize("NFKC", column)).strip("_")
    name = plain if plain.isidentifier() else f"setting_{plain}".rstrip("_")
    name = name if name.isidentifier() else "setting"
    return f"{name}_" if iskeyword(name) else name
