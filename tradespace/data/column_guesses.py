"""Which columns of records are questions, answers and texts: by their names, and else by what is in them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from tradespace.data.readers import DataColumns
from tradespace.data.readers.draft import Draft
from tradespace.data.readers.mapped_rows import value_at
from tradespace.data.readers.records import records
from tradespace.data.tables.guessing import plain_name

OF_QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "question": ("question", "query", "question_text", "query_text", "user_input", "prompt", "input", "instruction"),
    "answers": (
        *("answers", "answer", "references", "reference", "ground_truths", "ground_truth", "ground_truth_answer"),
        *("reference_answer", "gold_answers", "gold_answer", "expected_answer", "expected_output", "correct_answer"),
        *("expected", "target", "targets", "completion", "output", "response"),
    ),
    "id": ("id", "question_id", "query_id", "qid", "_id", "uid"),
    "gold": (
        *("gold", "gold_ids", "gold_documents", "relevant_documents", "relevant_docs", "relevant_ids"),
        *("relevant_passage_ids", "document_ids", "doc_ids", "document_id", "doc_id", "source"),
    ),
}
OF_DOCUMENTS: Mapping[str, tuple[str, ...]] = {
    "document_id": ("document_id", "doc_id", "docid", "passage_id", "context_id", "pid", "_id", "id", "url", "path"),
    "text": (
        *("text", "contents", "content", "page_content", "body", "passage_text", "passage", "passages", "context"),
        *("contexts", "ctx", "ctxs", "documents", "document", "paragraph", "chunk", "evidence"),
    ),
    "title": ("title", "document_title", "heading", "name"),
}
OF_GROUPS = (
    *("type", "question_type", "query_type", "category", "language", "lang", "product", "topic", "domain", "subject"),
    *("level", "difficulty"),
)
"""Names of columns, in lower case with underscores, by what they hold, the likeliest first."""
MOST_LOOKED_AT = 50
"""Records that are looked at."""
MOST_GROUP_VALUES = 20
LEAST_TEXT = 40
"""Characters of documents on average, where no name says that they are such."""
_INNER = ("text", "value", "content", "contents", "passage_text", "answer")
"""Names of fields within a field that are what its name says."""

LookedAt = Sequence[Mapping[str, Any]]


def first_records(path: Path) -> LookedAt:
    """Some records of a path, from the first on."""
    rows = islice(records(path, Draft(path.name, "")).rows, MOST_LOOKED_AT)
    return [record for _, record in rows if isinstance(record, Mapping)]


def guessed_questions(looked: LookedAt) -> DataColumns:
    """Columns of questions; `question` is missing where nothing looks like it."""
    found = _by_name(looked, OF_QUESTIONS)
    if "question" not in found and (asked := _best(looked, _share_of_questions, 0.5, found.values())):
        found["question"] = asked
    groups = tuple(column for name, column in _columns(looked) if name in OF_GROUPS and _is_group(looked, column))
    return DataColumns(**found, groups=groups)


def guessed_documents(looked: LookedAt, taken: Collection[str] = ()) -> DataColumns:
    """Columns of documents, none of those that are taken; `text` is missing where nothing looks like it."""
    found = _by_name(looked, OF_DOCUMENTS, taken)
    if "text" not in found and (text := _best(looked, _mean_length, LEAST_TEXT, {*found.values(), *taken})):
        found["text"] = text
    within = found.get("text", "").rpartition(".")[0]
    beside = {"title": f"{within}.title", "document_id": f"{within}.id"} if within else {}
    there = {column for _, column in _columns(looked)}
    return DataColumns(**found | {name: column for name, column in beside.items() if column in there})


def _by_name(looked: LookedAt, names: Mapping[str, tuple[str, ...]], taken: Collection[str] = ()) -> dict[str, Any]:
    columns = {name: column for name, column in reversed(list(_columns(looked))) if column not in taken}
    found: dict[str, Any] = {}
    for field, usual in names.items():
        if match := next((columns[name] for name in usual if name in columns), None):
            found[field] = match
    return found


def _columns(looked: LookedAt) -> Iterator[tuple[str, str]]:
    """Each column that holds texts or numbers, once, by its plain name; of fields within a field, as a path."""
    for name in dict.fromkeys(str(name) for record in looked for name in record):
        value = next((record[name] for record in looked if record.get(name) not in (None, "", [], {})), None)
        inner = value[0] if isinstance(value, list) and value else value
        if isinstance(inner, Mapping):
            for part in inner:
                whole = plain_name(name) if part in _INNER else f"{plain_name(name)}_{plain_name(str(part))}"
                yield whole, f"{name}.{part}"
        elif isinstance(inner, str | int | float):
            yield plain_name(name), name


def _texts(looked: LookedAt, column: str) -> list[str]:
    values = (value_at(record, column) for record in looked)
    return [value for value in values if isinstance(value, str) and value.strip()]


def _best(
    looked: LookedAt, measure: Callable[[Sequence[str]], float], least: float, taken: Collection[str]
) -> str | None:
    """The column of texts that measures most, if that is enough."""
    columns = [column for _, column in _columns(looked) if column not in taken]
    measured = {column: measure(texts) for column in columns if (texts := _texts(looked, column))}
    best = max(measured, key=lambda column: measured[column], default=None)
    return best if best is not None and measured[best] >= least else None


def _share_of_questions(texts: Sequence[str]) -> float:
    return sum(text.rstrip().endswith(("?", "？", "؟")) for text in texts) / len(texts)


def _mean_length(texts: Sequence[str]) -> float:
    return sum(map(len, texts)) / len(texts)


def _is_group(looked: LookedAt, column: str) -> bool:
    """Whether a column has a few values that come again."""
    values = [value_at(record, column) for record in looked]
    plain = [str(value) for value in values if isinstance(value, str | int | bool)]
    return 1 < len(set(plain)) <= min(MOST_GROUP_VALUES, len(plain) / 2)
