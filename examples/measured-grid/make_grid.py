"""Write `per_question.csv.gz`: the settings, questions and scores of a published grid, without its texts.

python examples/measured-grid/make_grid.py PATH/TO/haystack_aragog/per_question.csv.gz
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
from pathlib import Path

COLUMNS = ("embedder", "top_k", "chunk_size", "question_id", "context_relevance", "faithfulness", "sas")
DIGITS = 4


def shortened(cell: str) -> str:
    """A score with as many digits as anybody needs; other cells as they are."""
    try:
        return cell if cell.isdigit() else f"{round(float(cell), DIGITS):g}"
    except ValueError:
        return cell


def main(source: Path) -> None:
    """Write the file beside this one; the same bytes each time."""
    with gzip.open(source, "rt", encoding="utf-8", newline="") as file:
        rows = [[shortened(row[name]) for name in COLUMNS] for row in csv.DictReader(file)]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *rows])
    target = Path(__file__).parent / "per_question.csv.gz"
    target.write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
