"""Reading the files as they were published."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Any


def read_json(file: Path) -> Any:
    """A gzipped JSON file."""
    return json.loads(_text(file))


def read_jsonl(file: Path) -> list[Any]:
    """A gzipped file with one JSON value to a line."""
    return [json.loads(line) for line in _text(file).split("\n") if line.strip()]


def read_csv(file: Path) -> list[dict[str, str]]:
    """A gzipped CSV file with a header."""
    return list(csv.DictReader(_text(file).splitlines(keepends=True)))


def _text(file: Path) -> str:
    return gzip.decompress(file.read_bytes()).decode()
