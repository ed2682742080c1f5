"""A folder of texts as documents, and a word about everything in it that is left out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tradespace.data.readers.draft import Draft
from tradespace.data.readers.text_files import at, noted_text
from tradespace.types import Document

TEXT_SUFFIXES = (".md", ".markdown", ".txt")
HIDDEN = (".", "~$", "__MACOSX")
"""How the names begin of what editors, Office, macOS, Jupyter and Git keep beside people's files."""
NAMED = 5


@dataclass
class _Contents:
    """Paths below a folder, relative to it.

    Attributes:
        texts: what is read.
        others: files of other kinds.
        hidden: files and folders that are no one's documents.
        links: links to folders, which are not followed.
        unread: folders that cannot be read.
    """

    texts: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def add_text_files(folder: Path, draft: Draft) -> None:
    """Add each text and Markdown file below a folder; its id is its path in the folder."""
    if not folder.is_dir():
        draft.fail("the documents must be in a folder; there is none here", str(folder))
        return
    contents = _contents(folder)
    for id in sorted(contents.texts):
        file = folder / id
        if (text := noted_text(file, draft)) is not None:
            draft.documents.append((Document(id, text, file.stem), at(file, 1)))
    _note_left_out(contents, folder, draft)


def _contents(folder: Path) -> _Contents:
    contents = _Contents()
    for name, folders, files in os.walk(folder, onerror=lambda error: contents.unread.append(str(error.filename))):
        inside = Path(name).relative_to(folder)
        contents.hidden += [
            f"{(inside / subfolder).as_posix()}/" for subfolder in folders if subfolder.startswith(HIDDEN)
        ]
        folders[:] = [subfolder for subfolder in folders if not subfolder.startswith(HIDDEN)]
        contents.links += [
            (inside / subfolder).as_posix() for subfolder in folders if (folder / inside / subfolder).is_symlink()
        ]
        for file in files:
            path = (inside / file).as_posix()
            is_text = Path(file).suffix.lower() in TEXT_SUFFIXES
            kind = contents.hidden if file.startswith(HIDDEN) else contents.texts if is_text else contents.others
            kind.append(path)
    return contents


def _note_left_out(contents: _Contents, folder: Path, draft: Draft) -> None:
    for path in contents.unread:
        draft.fail("the folder cannot be read", path)
    if contents.others:
        kinds = f"only {', '.join(TEXT_SUFFIXES)} files are read"
        draft.warn(f"{kinds}; {len(contents.others)} others were left out: {_some(contents.others)}", str(folder))
    if contents.hidden:
        draft.warn(f"hidden files and folders are not read; left out: {_some(contents.hidden)}", str(folder))
    if contents.links:
        draft.warn(f"links to folders are not followed; left out: {_some(contents.links)}", str(folder))
    if nothing_read := _without_texts(contents):
        draft.warn(f"folders with nothing to read were left out: {_some(nothing_read)}", str(folder))


def _without_texts(contents: _Contents) -> list[str]:
    """Folders whose files are all of other kinds."""
    read = {str(parent) for path in contents.texts for parent in Path(path).parents}
    return [
        f"{parent}/"
        for parent in dict.fromkeys(str(Path(path).parent) for path in contents.others)
        if parent not in read and parent != "."
    ]


def _some(paths: Sequence[str]) -> str:
    ordered = sorted(paths)
    more = f" and {len(ordered) - NAMED} more" if len(ordered) > NAMED else ""
    return f"{', '.join(map(repr, ordered[:NAMED]))}{more}"
