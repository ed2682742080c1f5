"""Records of a file as typed rows, with a message for everything that is wrong with one."""

from __future__ import annotations

import math
import reprlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from pydantic import AliasChoices, BaseModel, ConfigDict, ValidationError, model_validator

from tradespace.data.readers.draft import Draft, Place
from tradespace.data.readers.text_files import at
from tradespace.errors import nearest


def as_list(value: Any) -> Any:
    """One text as a list of it; whatever else is given as it is."""
    return [value] if isinstance(value, str) else value


def as_group_values(value: Any) -> Any:
    """The groups of a question without those that have no value, and truth values as JSON writes them.

    >>> as_group_values({"language": "de", "hard": True, "product": None})
    {'language': 'de', 'hard': 'true'}
    """
    if not isinstance(value, Mapping):
        return value
    said = {name: each for name, each in value.items() if each != "" and not _is_missing(each)}
    return {name: str(each).lower() if isinstance(each, bool) else each for name, each in said.items()}


def as_records(value: Any) -> Any:
    """Columns of lists, as Hugging Face writes a list of records, as that list; whatever else is given as it is.

    >>> as_records({"title": ["Rollo", "Oxygen"], "rank": [0, 1]})
    [{'title': 'Rollo', 'rank': 0}, {'title': 'Oxygen', 'rank': 1}]
    """
    if not isinstance(value, Mapping) or not all(isinstance(column, list) for column in value.values()):
        return value
    return [dict(zip(value, cells, strict=True)) for cells in zip(*value.values(), strict=False)]


class RecordFields(BaseModel):
    """The fields of a record that a reader uses. Numbers become text; null and NaN are as good as not given.

    Attributes:
        passed_over: fields that the format has and the reader does not use. Of all others a warning says so.
    """

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)
    passed_over: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def _prepared(cls, record: Any) -> Any:
        """The record without what is missing, if no two of its names mean the same field."""
        if not isinstance(record, Mapping):
            return record
        for names in same_names(cls):
            if len(names) > 1 and len(doubled := [name for name in names if name in record]) > 1:
                raise ValueError(f"{' and '.join(doubled)} mean the same; keep one of them")
        return {name: value for name, value in record.items() if not _is_missing(value)}

    @classmethod
    def valid(cls) -> list[str]:
        """All names that a record may use."""
        return [name for names in same_names(cls) for name in names]


@cache
def same_names(row: type[RecordFields]) -> tuple[tuple[str, ...], ...]:
    """For each field the names that a record may give it."""
    aliases = ((field.validation_alias or name) for name, field in row.model_fields.items())
    return tuple(
        tuple(map(str, alias.choices)) if isinstance(alias, AliasChoices) else (str(alias),) for alias in aliases
    )


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


R = TypeVar("R", bound=RecordFields)


def validated_record(row: type[R], record: object) -> R | list[tuple[tuple[str | int, ...], str]]:
    """Return the record as a row, or what is wrong: the place inside the record and a message for each fault."""
    try:
        return row.model_validate(record)
    except ValidationError as error:
        return [(fault["loc"], _message(fault["msg"], fault["loc"], record)) for fault in error.errors()]


def checked_records(
    row: type[R],
    records: Iterable[tuple[int, object]],
    file: Path,
    draft: Draft,
    place: Callable[[Path, int], Place] = at,
) -> Iterator[tuple[int, R]]:
    """Number and row of each record that is one; what is wrong with the others is noted with its place.

    A field that no reader uses is noted once, where it comes first.
    """
    known = {*row.valid(), *row.passed_over}
    for number, record in records:
        read = validated_record(row, record)
        if isinstance(read, row):
            yield number, read
        else:
            for _, message in read:
                draft.fail(message, place(file, number)())
        for name in record.keys() - known if isinstance(record, Mapping) else ():
            known.add(name)
            draft.warn(f"{name!r} is not read; {nearest(str(name), row.valid())}", place(file, number)())


def _message(message: str, location: tuple[str | int, ...], record: object) -> str:
    where = location_text(location)
    message = message.removeprefix("Value error, ")
    if not isinstance(record, Mapping):
        return f"{where}: {message}" if where else f"a record with named fields is needed; given: {_short(record)}"
    fields = f"; the fields given are: {', '.join(map(str, record))}"
    return f"{where}: {message}{fields}" if where else f"{message}{fields}"


def _short(value: object) -> str:
    """A value as Python writes it, cut short, however deep it is."""
    return f"{reprlib.repr(value):.80}"


def location_text(location: tuple[str | int, ...]) -> str:
    """A place inside a JSON value as people write it.

    >>> location_text(("data", 3, "title"))
    'data[3].title'
    """
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in location).removeprefix(".")
