"""The corpora that the reader is trained and tested on, read as published.

Natural Questions with oracle passages (Liu et al. 2023, after Kwiatkowski et al. 2019) gives the supervised
questions, HotpotQA (Yang et al. 2018) some more, and the passages of both the text for self-supervision. XQuAD
(Artetxe et al. 2020) is the test set: `xquad` is called by the evaluation alone.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Part = Literal["train", "calibration", "test"]


@dataclass(frozen=True)
class Passage:
    """A paragraph of text and the title of the page that it comes from.

    The text of Natural Questions and HotpotQA starts with the title on a line of its own, as is usual for these
    passages (Karpukhin et al. 2020): many do not name their own subject. XQuAD's paragraphs are kept as they
    are.
    """

    title: str
    text: str

    @property
    def body(self) -> str:
        """The text without the line that holds the title."""
        return self.text.removeprefix(f"{self.title}\n")


@dataclass(frozen=True)
class Question:
    """A question, its acceptable answers, and the passage that holds one of them."""

    text: str
    answers: tuple[str, ...]
    passage: Passage


def natural_questions(folder: Path) -> list[Question]:
    """The questions of NQ-open whose oracle passage holds an answer."""
    with gzip.open(folder / "nq_open_oracle" / "nq-open-oracle.jsonl.gz", "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return [
        Question(
            record["question"], tuple(record["answers"]), _titled(record["ctxs"][0]["title"], record["ctxs"][0]["text"])
        )
        for record in records
    ]


def hotpot_passages(folder: Path) -> list[Passage]:
    """All documents of the HotpotQA sample."""
    corpus = _read(folder / "hotpotqa" / "train_corpus.json.gz")
    return [_titled(title, "".join(sentences)) for title, sentences in corpus.items()]


def hotpot_questions(folder: Path) -> list[Question]:
    """HotpotQA's questions, each with the first supporting document that holds its answer; without yes/no questions."""
    questions = []
    for record in _read(folder / "hotpotqa" / "qa_train.json.gz"):
        documents = {title: _titled(title, "".join(sentences)) for title, sentences in record["context"]}
        supporting = [documents[title] for title, _ in record["supporting_facts"] if title in documents]
        holding = [passage for passage in supporting if answer_spans(passage.text, (record["answer"],))]
        questions += [Question(record["question"], (record["answer"],), passage) for passage in holding[:1]]
    return questions


def xquad(folder: Path) -> list[Question]:
    """XQuAD's English questions: for testing only."""
    path = folder / "xquad" / "xquad.en.json"
    articles = json.loads(path.read_text(encoding="utf-8"))["data"]
    return [
        Question(
            entry["question"],
            tuple(answer["text"] for answer in entry["answers"]),
            Passage(article["title"].replace("_", " "), paragraph["context"]),
        )
        for article in articles
        for paragraph in article["paragraphs"]
        for entry in paragraph["qas"]
    ]


def part_of(question: Question) -> Part:
    """The part a supervised question belongs to, by its page's hash: about 84 % train, 8 % calibration, 8 % test."""
    bucket = int(hashlib.sha256(question.passage.title.encode()).hexdigest()[:8], 16) % 100
    return "train" if bucket < 84 else "calibration" if bucket < 92 else "test"


def answer_spans(text: str, answers: tuple[str, ...]) -> list[tuple[int, int]]:
    """Character spans at which any of `answers` stands in `text`, up to case, accents and white space."""
    folded, spans = _fold(text), set[tuple[int, int]]()
    for answer in answers:
        words = [re.escape(word) for word in _fold(answer).split()]
        if words:
            pattern = r"(?<!\w)" + r"\s+".join(words) + r"(?!\w)"
            spans.update(match.span() for match in re.finditer(pattern, folded))
    return sorted(spans)


def _fold(text: str) -> str:
    """Lower case without accents, as long as `text` (so that offsets stay)."""
    folded = []
    for character in text:
        base = unicodedata.normalize("NFD", character)[0].lower()
        folded.append(base if len(base) == 1 else character)
    return "".join(folded)


def _titled(title: str, text: str) -> Passage:
    return Passage(title, f"{title}\n" + re.sub(r"\s+", " ", text).strip())


def _read(path: Path) -> Any:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return json.load(file)
