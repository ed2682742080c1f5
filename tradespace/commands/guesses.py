"""What was guessed of data, in words."""

from __future__ import annotations

from collections.abc import Callable

from tradespace.data import Source
from tradespace.data.readers import columns_of
from tradespace.data.readers.columns import GROUPS


def guesses(given: Source, found: Source, shown: Callable[[str], str] = str) -> list[str]:
    """Where data are and what their columns are called, as far as nobody said it, a line each.

    Args:
        given: what was said.
        found: where they were found.
        shown: how a path is shown.
    """
    paths = {"questions": found.questions, "documents": found.documents} if given.dataset != found.dataset else {}
    called = columns_of(found.columns)
    return [
        *(f"  {name}: {shown(path)}" for name, path in paths.items() if path),
        *(f"  {name}: column {column}" for name, column in called.named().items()),
        *([f"  {GROUPS}: columns {', '.join(called.groups)}"] if called.groups else []),
    ]
