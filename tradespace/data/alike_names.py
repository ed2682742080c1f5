"""Files whose names differ in their ends alone: perhaps one document in two formats, which would be found twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import PurePosixPath

from tradespace.errors import Fault
from tradespace.plurals import count
from tradespace.types import Document


def alike_faults(documents: Sequence[Document]) -> tuple[Fault, ...]:
    """A warning for each name that several files have, such as `returns.html` and `returns.pdf`."""
    alike: defaultdict[str, list[Document]] = defaultdict(list)
    for document in documents:
        if document.file:
            alike[str(PurePosixPath(document.id).with_suffix(""))].append(document)
    return tuple(_fault(group) for group in alike.values() if len(group) > 1)


def _fault(group: Sequence[Document]) -> Fault:
    names = " and ".join(repr(document.id) for document in group)
    advice = "if they are one document, keep one of them: passages of the others would count as wrong"
    return Fault(f"{names} are read as {count(len(group), 'document')}; {advice}", group[0].file)
