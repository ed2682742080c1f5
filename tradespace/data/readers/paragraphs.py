"""Questions published with the paragraphs to read for them: each paragraph becomes one document."""

from __future__ import annotations

from dataclasses import dataclass, field

from tradespace.data.readers.draft import Draft, Place
from tradespace.types import Document


@dataclass
class Paragraphs:
    """Adds paragraphs to a draft, each once, with the id `TITLE/NUMBER`: the paragraphs of a title from 1."""

    draft: Draft
    _ids: dict[tuple[str, str], str] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)

    def id(self, title: str, text: str, place: Place) -> str:
        """The id of the document that the paragraph is, which is added if it is new."""
        if (title, text) not in self._ids:
            self._numbers[title] = self._numbers.get(title, 0) + 1
            self._ids[title, text] = f"{title}/{self._numbers[title]}"
            self.draft.documents.append((Document(self._ids[title, text], text, title.replace("_", " ")), place))
        return self._ids[title, text]


def titled(title: str, text: str) -> str:
    """The text with its title as the first line: many paragraphs don't name their own subject."""
    return f"{title}\n{text}" if title and text.strip() else text
