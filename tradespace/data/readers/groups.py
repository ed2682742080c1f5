"""What is needed together, and of each the alternatives: lists in a list, of gold documents as of evidence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def as_groups(value: Any) -> Any:
    """Lists in a list: of those needed together, the alternatives. What stands alone is a list of its own.

    >>> as_groups("a"), as_groups(["a", ["b", "c"]])
    ([['a']], [['a'], ['b', 'c']])
    """
    groups = [each if isinstance(each, list) else [each] for each in (value if isinstance(value, list) else [value])]
    said = ([part for part in group if not (isinstance(part, str) and not part.strip())] for group in groups)
    return [group for group in said if group]


def gold_of(groups: Iterable[Iterable[str]]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The gold documents of a question, and their groups where any has alternatives: `Question.gold_alternatives`.

    A group that is found whenever another is says nothing more.

    >>> gold_of([["a", "b"], ["c"], ["c", "d"]])
    (('a', 'b', 'c'), (('a', 'b'), ('c',)))
    >>> gold_of([["a"], ["b"], ["a"]])
    (('a', 'b'), ())
    """
    distinct = {frozenset(names): names for names in (tuple(dict.fromkeys(group)) for group in groups)}
    kept = tuple(names for group, names in distinct.items() if not any(other < group for other in distinct))
    gold = tuple(dict.fromkeys(name for names in kept for name in names))
    return gold, kept if any(len(names) > 1 for names in kept) else ()
