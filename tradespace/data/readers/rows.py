"""Records of a file as typed rows, with a message for everything that is wrong with one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from tradespace.data.readers.draft import Draft, Place
from tradespace.data.readers.text_files import at


class Row(BaseModel):
    """The fields of a record that a reader uses; others are ignored. Numbers become text."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)


R = TypeVar("R", bound=Row)


def validated(row: type[R], record: object) -> R | list[tuple[tuple[str | int, ...], str]]:
    """Return the record as a row, or what is wrong: the place inside the record and a message for each fault."""
    try:
        return row.model_validate(record)
    except ValidationError as error:
        return [(fault["loc"], _message(fault["msg"], fault["loc"], record)) for fault in error.errors()]


def checked(
    row: type[R],
    records: Iterable[tuple[int, object]],
    file: Path,
    draft: Draft,
    place: Callable[[Path, int], Place] = at,
) -> Iterator[tuple[int, R]]:
    """Number and row of each record that is one; what is wrong with the others is noted with its place."""
    for number, record in records:
        found = validated(row, record)
        if isinstance(found, row):
            yield number, found
        else:
            for _, message in found:
                draft.fail(message, place(file, number)())


def _message(message: str, location: tuple[str | int, ...], record: object) -> str:
    where = written(location)
    given = f"; the fields given are: {', '.join(map(str, record))}" if isinstance(record, Mapping) else ""
    return f"{where}: {message}{given}" if where else f"a record with named fields is needed; given: {record!r:.80}"


def written(location: tuple[str | int, ...]) -> str:
    """A place inside a JSON value as people write it.

    >>> written(("data", 3, "title"))
    'data[3].title'
    """
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in location).removeprefix(".")
