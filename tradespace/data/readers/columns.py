"""What the columns of questions and documents are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from tradespace.errors import DataError, nearest

_CONTENTS = ("question", "answers", "gold", "evidence")
"""Fields of a question that no column can be two of."""
GROUPS = "groups"


@dataclass(frozen=True)
class DataColumns:
    """What columns of questions and documents are called; what is not said has its usual name.

    A column is the name of a field, or a path into it, such as `answers.text`; in a list, that of each item.

    Attributes:
        question: the text of a question.
        id: the id of a question.
        answers: accepted answers.
        gold: ids of the documents that hold the answer.
        evidence: pieces of documents that hold the answer.
        groups: columns by which results may be told apart, such as a type or a language.
        document_id: the id of a document.
        text: the text of a document.
        title: its title.
    """

    question: str | None = None
    id: str | None = None
    answers: str | None = None
    gold: str | None = None
    evidence: str | None = None
    groups: tuple[str, ...] = ()
    document_id: str | None = None
    text: str | None = None
    title: str | None = None

    def named(self) -> dict[str, str]:
        """The columns that are said, by what they hold; without groups."""
        said = ((each.name, getattr(self, each.name)) for each in fields(self) if each.name != GROUPS)
        return {name: column for name, column in said if column}

    def of_documents(self) -> DataColumns:
        """Those of documents alone."""
        return DataColumns(document_id=self.document_id, text=self.text, title=self.title)

    def contradiction(self) -> str:
        """What these columns must not do, whatever the data, as the rest of a sentence; empty if nothing is wrong."""
        holders: dict[str, str] = {}
        for name, column in self.named().items():
            if name in _CONTENTS and (first := holders.setdefault(column, name)) != name:
                return f"must name a column once; {column!r} is named as {first} and as {name}"
        twice = next((column for column in self.groups if self.groups.count(column) > 1), None)
        return f"must name a column once; {twice!r} stands twice among the groups" if twice else ""


USUAL_COLUMNS = DataColumns()
"""Where nothing is called otherwise."""


@dataclass(frozen=True, kw_only=True)
class MappedReader:
    """What readers have in common whose columns may be called otherwise."""

    columns: DataColumns = USUAL_COLUMNS


def columns_of(given: DataColumns | Mapping[str, Any]) -> DataColumns:
    """Columns as they are given in Python: by name.

    Raises:
        DataError: nothing is called so, a column is no text, or one is named as two things.
    """
    columns = given if isinstance(given, DataColumns) else _from_mapping(given)
    if problem := columns.contradiction():
        raise DataError(f"`columns` {problem}")
    return columns


def _from_mapping(given: Mapping[str, Any]) -> DataColumns:
    valid = [each.name for each in fields(DataColumns)]
    for name, column in given.items():
        if name not in valid:
            raise DataError(f"`columns` has no {name!r}; {nearest(name, valid)}")
        parts, kind = ([column], "the name of a column") if name != GROUPS else (column, "a list of names of columns")
        if not isinstance(parts, list | tuple) or not all(isinstance(part, str) for part in parts):
            raise DataError(f"`columns` must have {kind} for {name!r}; given: {column!r}")
    named: dict[str, Any] = {name: tuple(column) if name == GROUPS else column for name, column in given.items()}
    return DataColumns(**named)
