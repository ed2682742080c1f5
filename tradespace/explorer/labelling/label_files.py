"""Answers to be labelled as a table that people fill in, and what they filled in, read back."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from tradespace.data.readers.draft import Draft
from tradespace.data.readers.text_files import json_lines, table
from tradespace.errors import DataError, InputError, nearest
from tradespace.explorer.storage.labels import AskedAnswer, MeasureLabels
from tradespace.plurals import count

LABEL_COLUMNS = ("id", "question", "answer", "references", "passages", "label", "by")
NEEDED = ("id", "label")
TABLE_SUFFIXES = (".csv", ".jsonl")
SKIP = "skip"
YES = frozenset({"1", "1.0", "yes", "y", "true"})
NO = frozenset({"0", "0.0", "no", "n", "false"})
"""How people write what they say, in lower case."""
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""How texts begin that a spreadsheet takes for formulas."""

LabelRow = Mapping[str, str]


@dataclass
class ReadLabels:
    """What a file says.

    Attributes:
        said: by key and person, what was said; two different things where one person said both.
        skipped: keys of answers that somebody skipped.
        empty: rows without a label.
    """

    said: defaultdict[str, defaultdict[str, list[Literal[0, 1]]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    skipped: list[str] = field(default_factory=list)
    empty: int = 0

    def added_to(self, labels: MeasureLabels) -> MeasureLabels:
        """The labels of a measure, with these in the place of what the same people said before."""
        changed = {key: labels.asked[key] for key in (*self.said, *self.skipped)}
        for key in self.skipped:
            changed[key] = changed[key].model_copy(update={"skipped": True})
        for key, people in self.said.items():
            for by, values in people.items():
                changed[key] = changed[key].labelled(values, by, labels.policy)
        return labels.with_answers(changed.values())


def write_asked(path: Path, answers: Sequence[AskedAnswer]) -> None:
    """Write answers to be labelled: CSV or JSON lines, by the end of the file's name. The column `label` is empty.

    In CSV, texts that a spreadsheet would take for formulas have an apostrophe in front.

    Raises:
        InputError: the name ends in something else.
        OSError: the file cannot be written.
    """
    if path.suffix not in TABLE_SUFFIXES:
        raise InputError(f"{path} must end in .csv or .jsonl, so that it is clear what to write")
    rows = [_row(answer) for answer in answers]
    if path.suffix == ".jsonl":
        text = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
    else:
        written = io.StringIO(newline="")
        writer = csv.DictWriter(written, LABEL_COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: _cell(text) for name, text in row.items()} for row in rows)
        text = written.getvalue()
    path.write_text(text, encoding="utf-8", newline="")


def read_labels(path: Path, labels: MeasureLabels) -> ReadLabels:
    """Read what people filled in.

    Raises:
        DataError: a column is missing, a row is about an answer that nobody asked about, or about another than it says,
            or a label is neither yes nor no; it carries every fault.
        InputError: the name ends neither in .csv nor in .jsonl.
    """
    if path.suffix not in TABLE_SUFFIXES:
        raise InputError(f"labels must be a .csv or .jsonl file; given: {path}")
    draft, read = Draft(path.name, "labels"), ReadLabels()
    rows = list(_json_rows(path, draft) if path.suffix == ".jsonl" else _table_rows(path, draft))
    known = [row for _, row in rows if row.get("id") in labels.asked]
    if rows and not known:
        draft.fatal[:] = []
        draft.fail(
            f"none of the {count(len(rows), 'row')} is about an answer that `tradespace judge --ask` asked about here: "
            "it is a file of other questions or answers, of another measure, or of another study. Its column `id` must "
            "hold what --ask wrote there",
            str(path),
        )
    else:
        for line, row in rows:
            _note(row, f"{path}:{line}", labels, draft, read)
    if draft.fatal:
        raise DataError(draft.fatal)
    return read


def _note(row: LabelRow, where: str, labels: MeasureLabels, draft: Draft, read: ReadLabels) -> None:
    key, label = row["id"], row["label"].strip().lower()
    asked = labels.asked.get(key)
    if asked is None:
        draft.fail(f"the id must be of an answer that was asked about; given: {key!r}", where)
    elif other := _other_text(row, asked):
        draft.fail(f"the {other} is not that of {key!r}, which is about another: was the file sorted in part?", where)
    elif label == SKIP:
        read.skipped.append(key)
    elif label in YES or label in NO:
        read.said[key][row.get("by", "").strip()].append(1 if label in YES else 0)
    elif label:
        draft.fail(f"a label must be yes or no (1 or 0), skip, or empty; given: {row['label']!r}", where)
    else:
        read.empty += 1


def _other_text(row: LabelRow, asked: AskedAnswer) -> str:
    """Which text of a row is another than that of the answer that it names; empty where none is."""
    texts = {"question": asked.question, "answer": asked.answer}
    for name, text in texts.items():
        if name in row and _words(row[name]) not in (_words(text), _words(_cell(text))):
            return name
    return ""


def _words(text: str) -> list[str]:
    """Spreadsheets change line breaks and spaces."""
    return text.split()


def _json_rows(path: Path, draft: Draft) -> Iterator[tuple[int, LabelRow]]:
    for line, value in json_lines(path, draft):
        if not isinstance(value, dict) or not set(NEEDED) <= value.keys():
            draft.fail(f"a line must be an object with {' and '.join(NEEDED)}", f"{path}:{line}")
        else:
            yield line, {name: _text(part) for name, part in value.items() if name in LABEL_COLUMNS}


def _table_rows(path: Path, draft: Draft) -> Iterator[tuple[int, LabelRow]]:
    rows = table(path, draft)
    header = next(rows, None)
    if header is None:
        draft.fail("there must be a row of column names, and labels below it; the file is empty", str(path))
        return
    names = [name.strip().lower() for name in header[1]]
    for name in NEEDED:
        if name not in names:
            draft.fail(f"the column {name!r} is missing; of those there are, {nearest(name, names)}", f"{path}:1")
            return
    for line, cells in rows:
        yield line, {**dict.fromkeys(NEEDED, ""), **dict(zip(names, cells, strict=False))}


def _row(answer: AskedAnswer) -> dict[str, str]:
    texts = (answer.key, answer.question, answer.answer, _listed(answer.references), _listed(answer.passages), "", "")
    return dict(zip(LABEL_COLUMNS, texts, strict=True))


def _listed(texts: Sequence[str]) -> str:
    return "\n\n".join(texts)


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def _text(value: Any) -> str:
    """A JSON value as a cell; `true` and 1 say the same."""
    return "" if value is None else str(value)
