"""Questions published with the paragraphs to read for them: each paragraph becomes one document."""

from __future__ import annotations

from dataclasses import dataclass, field

from tradespace.data.readers.draft import Draft, Place
from tradespace.types import Document


@dataclass
class Paragraphs:
    """Adds paragraphs to a draft, each once, with the id `SOURCE/NUMBER`: the paragraphs of a source from 1."""

    draft: Draft
    _ids: dict[tuple[str, str], str] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)
    _added: set[Document] = field(default_factory=set)

    def id(self, source: str, text: str, place: Place, title: str | None = None) -> str:
        """The id of the document that the paragraph is, which is added if it is new.

        Its source is what it is taken from, such as the title of an article; that is its title, too, if no other is
        given.
        """
        if (source, text) not in self._ids:
            self._numbers[source] = self._numbers.get(source, 0) + 1
            self._ids[source, text] = id = f"{source}/{self._numbers[source]}"
            self.add(Document(id, text, source.replace("_", " ") if title is None else title), place)
        return self._ids[source, text]

    def add(self, document: Document, place: Place) -> str:
        """Add a document that has an id, unless the same was added before, and return its id."""
        if document not in self._added:
            self._added.add(document)
            self.draft.documents.append((document, place))
        return document.id


def titled(title: str, text: str) -> str:
    """The text with its title as the first line: many paragraphs don't name their own subject."""
    return f"{title}\n{text}" if title and text.strip() else text
