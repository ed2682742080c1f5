"""Which fields of recorded requests are kept: what was asked for, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tradespace.errors import InputError, nearest

USUAL_FIELDS = ("question", "documents", "scores")
"""What is kept unless it is dropped, beside moments, seconds, tokens and dollars: without questions no dataset,
without documents nothing to search."""
MORE_FIELDS = ("answer", "user", "session")
METADATA = "metadata."


@dataclass(frozen=True, slots=True)
class Keeping:
    """The fields that are kept.

    >>> Keeping(("question",)).keeps("question"), Keeping(("question", "metadata.language")).groups
    (True, ('metadata.language',))
    """

    fields: tuple[str, ...] = USUAL_FIELDS

    def keeps(self, field: str) -> bool:
        """Whether a field is kept."""
        return field in self.fields

    @property
    def groups(self) -> tuple[str, ...]:
        """The fields that tell questions apart: users, sessions, and whatever else systems note."""
        return tuple(field for field in self.fields if field in ("user", "session") or field.startswith(METADATA))


def kept_fields(keep: Sequence[str], drop: Sequence[str]) -> Keeping:
    """What is kept if these fields are kept as well, and those are dropped.

    Raises:
        InputError: there is no such field, or one is to be kept and dropped.
    """
    for field in (*keep, *drop):
        if field not in (*USUAL_FIELDS, *MORE_FIELDS) and not (field.startswith(METADATA) and field != METADATA):
            valid = nearest(field, [*USUAL_FIELDS, *MORE_FIELDS, f"{METADATA}NAME"])
            raise InputError(f"no field of a request is called {field!r}; {valid}")
    if both := set(keep) & set(drop):
        raise InputError(f"{sorted(both)[0]!r} is to be kept and to be dropped: leave one out")
    return Keeping(tuple(field for field in dict.fromkeys((*USUAL_FIELDS, *keep)) if field not in drop))
