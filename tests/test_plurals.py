"""Numbers agree with what they count, in every message: there is one way to write them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import tradespace
from tradespace.plurals import agreeing, count

ROOT = Path(tradespace.__file__).parent
THINGS = re.compile(
    r" (calls|questions|pipelines|documents|passages|finalists|evaluations|answers|files|measures|scores|points)\b"
)
SEVERAL = {
    "reports/sections/searched.py": {"questions"},
    "reports/claims.py": {"finalists"},
    "explorer/search/frontier/search.py": {"pipelines"},
}
"""Where there are always several, or none."""


@pytest.mark.parametrize(
    ("number", "written"), [(0, "0 questions"), (1, "1 question"), (2, "2 questions"), (1190, "1,190 questions")]
)
def test_a_number_agrees_with_what_it_counts(number: int, written: str) -> None:
    """One is singular, and nothing else is."""
    assert count(number, "question") == written
    assert agreeing(number, "question", "questions") == written


def test_no_message_counts_by_itself() -> None:
    """`{number:,} questions` would say "1 questions" one day: messages call `count` or `agreeing`."""
    found = {
        f"{file.relative_to(ROOT)}:{line}: {thing}"
        for file in ROOT.rglob("*.py")
        for line, thing in _counted_by_hand(ast.parse(file.read_text(encoding="utf-8")))
        if thing not in SEVERAL.get(str(file.relative_to(ROOT)), ())
    }
    assert found == set()


def _counted_by_hand(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Formatted integers (those with `:,`) that are directly followed by a plural."""
    for text in (node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)):
        for number, rest in zip(text.values, text.values[1:], strict=False):
            is_number = isinstance(number, ast.FormattedValue) and _format(number) == ","
            if is_number and isinstance(rest, ast.Constant) and (match := THINGS.match(str(rest.value))):
                yield text.lineno, match[1]


def _format(value: ast.FormattedValue) -> str:
    return ast.unparse(value.format_spec).strip("f'\"") if value.format_spec else ""
