"""Documents that code has loaded, rather than read from a folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from tradespace.data.readers.draft import Draft
from tradespace.types import Document


@dataclass(frozen=True)
class LoadedDocuments:
    """Documents that are at hand.

    Attributes:
        name: of what loaded them, for messages.
    """

    name: str
    documents: tuple[Document, ...] = field(repr=False)

    def add_to(self, draft: Draft) -> None:
        """Add each of them; its place is its number."""
        for number, document in enumerate(self.documents, start=1):
            draft.documents.append((document, partial("{}: document {}".format, self.name, number)))
