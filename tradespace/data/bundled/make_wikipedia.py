"""Make the bundled `wikipedia` dataset from the published files of XQuAD and NQ-open.

    python -m tradespace.data.bundled.make_wikipedia FOLDER

FOLDER holds `xquad/xquad.en.json` (google-deepmind/xquad) and `nq_open_oracle/nq-open-oracle.jsonl.gz`
(nelson-liu/lost-in-the-middle, its `qa_data/nq-open-oracle.jsonl.gz`); LICENSE.md beside the data names the commits.
The same input makes the same rows in the same order.

XQuAD paragraphs are kept as they are, so that answer offsets hold. An NQ passage starts with the title of its page, as
is usual for these passages (Karpukhin et al. 2020, "Dense Passage Retrieval"): many don't name their own subject.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from tradespace.types import Document, Question

DocumentsAndQuestions = tuple[list[Document], list[Question]]

TARGET = Path(__file__).parent / "wikipedia"


def xquad(file: Path) -> DocumentsAndQuestions:
    """Documents `xquad/ARTICLE/PARAGRAPH` and questions `xquad/ARTICLE/PARAGRAPH/QUESTION`, numbered from 1."""
    documents, questions = [], []
    for article in json.loads(file.read_text(encoding="utf-8"))["data"]:
        for number, paragraph in enumerate(article["paragraphs"], start=1):
            id = f"xquad/{article['title']}/{number}"
            documents.append(Document(id, paragraph["context"], article["title"].replace("_", " ")))
            questions += [
                Question(
                    f"{id}/{place}", asked["question"], tuple(answer["text"] for answer in asked["answers"]), (id,)
                )
                for place, asked in enumerate(paragraph["qas"], start=1)
            ]
    return documents, questions


def natural_questions(file: Path) -> DocumentsAndQuestions:
    """Questions `nq/LINE` and documents by the line where they come first; equal passages are one document."""
    documents: dict[tuple[str, str], Document] = {}
    questions = []
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            row = json.loads(line)
            title, text = row["ctxs"][0]["title"], row["ctxs"][0]["text"]
            document = documents.setdefault((title, text), Document(f"nq/{number:04}", f"{title}\n{text}", title))
            questions.append(Question(f"nq/{number:04}", row["question"], tuple(row["answers"]), (document.id,)))
    return list(documents.values()), questions


def write(file: Path, rows: Iterable[Document | Question]) -> None:
    """Write rows as gzipped JSON lines, without the time of day that gzip would add."""
    text = "".join(json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in rows)
    file.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))


def main(folder: Path) -> None:
    """Write both files of the dataset."""
    corpora = (
        xquad(folder / "xquad/xquad.en.json"),
        natural_questions(folder / "nq_open_oracle/nq-open-oracle.jsonl.gz"),
    )
    write(TARGET / "documents.jsonl.gz", (document for documents, _ in corpora for document in documents))
    write(TARGET / "questions.jsonl.gz", (question for _, questions in corpora for question in questions))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
