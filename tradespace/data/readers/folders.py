"""A folder of documents of all formats that can be read, and a word about everything in it that is left out."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from tradespace.data.readers.draft import Draft
from tradespace.data.readers.text_files import at
from tradespace.errors import Fault, FileError
from tradespace.extras import missing
from tradespace.parsing import FileParser, parsed_file, parser_of
from tradespace.plurals import agreeing
from tradespace.types import Document

Unreadable = Literal["refuse", "skip"]
"""What becomes of data in which a document cannot be read: they are refused, or go on without it."""
HIDDEN = (".", "~$", "__MACOSX")
"""How the names begin of what editors, Office, macOS, Jupyter and Git keep beside people's files."""
NAMED = 5


@dataclass
class _Contents:
    """Paths below a folder, relative to it.

    Attributes:
        documents: what is read, with what reads it.
        others: files of other kinds.
        hidden: files and folders that are no one's documents.
        links: links to folders, which are not followed.
        unread: folders that cannot be read.
    """

    documents: dict[str, FileParser] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def add_documents(folder: Path, draft: Draft, unreadable: Unreadable = "refuse") -> None:
    """Add each file below a folder that can be read; its id is its path in the folder.

    Texts and Markdown files are taken as they are: where their sections begin is told by the text itself.
    """
    if not folder.is_dir():
        draft.fail("the documents must be in a folder; there is none here", str(folder))
        return
    contents = _contents(folder)
    _refuse_names_that_look_alike(contents, folder, draft)
    faults = _without_parser(contents, folder)
    for id, parser in sorted(contents.documents.items()):
        try:
            _add_document(folder / id, id, parser, draft)
        except FileError as error:
            faults += error.faults
    _note_unreadable(faults, draft, unreadable)
    _note_left_out(contents, folder, draft)


def _add_document(file: Path, id: str, parser: FileParser, draft: Draft) -> None:
    parsed, place = parsed_file(file, parser), at(file, 1)
    title = parsed.title or file.stem
    document = Document(id, parsed.text, title, parsed.headings, parsed.pages, str(file.absolute()))
    draft.documents.append((document, place))
    for note in parsed.notes:
        draft.warn(note, str(file))


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
            if file.startswith(HIDDEN):
                contents.hidden.append(path)
            elif parser := parser_of(Path(file)):
                contents.documents[path] = parser
            else:
                contents.others.append(path)
    return contents


def _refuse_names_that_look_alike(contents: _Contents, folder: Path, draft: Draft) -> None:
    """Two files whose names differ in how their letters are encoded alone: gold documents could mean either."""
    seen: dict[str, str] = {}
    for id in sorted(contents.documents):
        first = seen.setdefault(unicodedata.normalize("NFC", id), id)
        if first != id:
            message = f"two files must not have names that look alike; {first!a} does too. Rename one of them"
            draft.fail(message, str(folder / id))


def _without_parser(contents: _Contents, folder: Path) -> list[Fault]:
    """One fault for all files that a package is missing for; they are not tried."""
    problems: dict[str, list[str]] = {}
    for id, parser in contents.documents.items():
        if problem := missing(parser.packages):
            problems.setdefault(f"{parser.kind} {problem}", []).append(id)
    for ids in problems.values():
        for id in ids:
            del contents.documents[id]
    return [
        Fault(
            f"reading {problem}; {agreeing(len(ids), 'file is', 'files are')} of this kind: {_some(ids)}", str(folder)
        )
        for problem, ids in problems.items()
    ]


def _note_unreadable(faults: Sequence[Fault], draft: Draft, unreadable: Unreadable) -> None:
    for fault in faults:
        if unreadable == "skip":
            draft.unread.append(fault)
            draft.warn(f"{fault.message}; it was left out", fault.where)
        else:
            draft.fail(f"{fault.message}. To go on without it, say `unreadable: skip` in `data`", fault.where)


def _note_left_out(contents: _Contents, folder: Path, draft: Draft) -> None:
    for path in contents.unread:
        draft.fail("the folder cannot be read", path)
    if contents.others:
        kinds = ", ".join(sorted({Path(path).suffix or "(none)" for path in contents.others}))
        others = agreeing(len(contents.others), "file was", "files were")
        message = f"files whose names end so are not read: {kinds}; {others} left out: {_some(contents.others)}"
        draft.warn(message, str(folder))
    if contents.hidden:
        draft.warn(f"hidden files and folders are not read; left out: {_some(contents.hidden)}", str(folder))
    if contents.links:
        draft.warn(f"links to folders are not followed; left out: {_some(contents.links)}", str(folder))
    if nothing_read := _without_documents(contents):
        draft.warn(f"folders with nothing to read were left out: {_some(nothing_read)}", str(folder))


def _without_documents(contents: _Contents) -> list[str]:
    """Folders whose files are all of other kinds."""
    read = {str(parent) for path in contents.documents for parent in Path(path).parents}
    return [
        f"{parent}/"
        for parent in dict.fromkeys(str(Path(path).parent) for path in contents.others)
        if parent not in read and parent != "."
    ]


def _some(paths: Sequence[str]) -> str:
    ordered = sorted(paths)
    more = f" and {len(ordered) - NAMED} more" if len(ordered) > NAMED else ""
    return f"{', '.join(map(repr, ordered[:NAMED]))}{more}"
