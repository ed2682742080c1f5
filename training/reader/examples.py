"""Builds the training examples: made questions for pretraining and real ones with hard negatives.

    python -m training.reader.examples --data DATA --out runs/reader/examples

writes `cloze.jsonl` and `supervised.jsonl`, one group a line: a question, its gold passage with the answer's spans, and
passages that look right but do not hold the answer, found by BM25 and by MiniLM.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from training.reader.cloze import Noise, clozes
from training.reader.corpora import (
    Passage,
    Question,
    answer_spans,
    hotpot_passages,
    hotpot_questions,
    natural_questions,
    part_of,
)
from training.reader.retrieval import bm25_top

DEFAULT_DATA = Path("data")
"""Holds nq_open_oracle/, hotpotqa/ and xquad/ as published."""


@dataclass(frozen=True)
class Group:
    """A question with its gold passage, the answer's character spans in it, and passages without the answer."""

    question: str
    passage: str
    spans: list[tuple[int, int]]
    negatives: list[str]


def training_questions(data: Path) -> list[Question]:
    """Every question that the reader may be fitted on: NQ's training part and HotpotQA."""
    return [q for q in natural_questions(data) if part_of(q) == "train"] + hotpot_questions(data)


def training_passages(data: Path) -> list[Passage]:
    """Every passage that self-supervision may use, once: of the training questions and HotpotQA's documents."""
    passages = [question.passage for question in training_questions(data)] + hotpot_passages(data)
    return list({passage.text: passage for passage in passages}.values())


def supervised_groups(questions: Sequence[Question], passages: Sequence[str], negatives: int = 8) -> list[Group]:
    """Real questions with `negatives` hard negatives from `passages`, half by BM25 and half by MiniLM."""
    texts = [question.text for question in questions]
    lexical, dense = (
        bm25_top(texts, passages, 4 * negatives),
        _minilm_neighbours(texts, passages, 4 * negatives),
    )
    groups = []
    for question, by_words, by_meaning in zip(questions, lexical, dense, strict=True):
        spans = answer_spans(question.passage.text, question.answers)
        hard = [
            [passages[i] for i in near if not answer_spans(passages[i], question.answers)][:negatives]
            for near in (by_words, by_meaning)
        ]
        mixed = list(dict.fromkeys(text for pair in zip(*hard, strict=False) for text in pair))[:negatives]
        if spans and mixed:
            groups.append(Group(question.text, question.passage.text, spans, mixed))
    return groups


def cloze_groups(passages: Sequence[Passage], generator: random.Random, rounds: int = 2) -> list[Group]:
    """Made questions over `passages`, each passage gone through `rounds` times with fresh noise.

    Every other round leaves the title line out: then a question may name a subject that the passage calls "it".
    """
    noise = Noise(_word_neighbours(_words(passages)))
    made = [
        (cloze, passage)
        for number in range(rounds)
        for passage in (passages if number % 2 == 0 else [Passage(p.title, p.body) for p in passages])
        for cloze in clozes(passage, noise, generator)
        if _worth_asking(cloze.question, passage.text[cloze.start : cloze.end])
    ]
    texts = [passage.text for passage in passages]
    nearest = bm25_top([cloze.question for cloze, _ in made], texts, 4)
    groups = []
    for (cloze, passage), near in zip(made, nearest, strict=True):
        answer = passage.text[cloze.start : cloze.end].lower()
        negatives = [texts[i] for i in near if answer not in texts[i].lower()]
        groups.append(Group(cloze.question, passage.text, [(cloze.start, cloze.end)], negatives))
    return groups


def _worth_asking(question: str, answer: str) -> bool:
    return 4 <= len(question.split()) <= 28 and answer.lower() not in question.lower()


def _minilm_neighbours(queries: Sequence[str], passages: Sequence[str], count: int) -> list[list[int]]:
    from sentence_transformers import SentenceTransformer

    from tradespace.components.encoders.base import model_folder

    model = SentenceTransformer(str(model_folder()), device="cpu")
    model.max_seq_length = 160
    scores = model.encode(list(queries)) @ model.encode(list(passages), batch_size=32).T
    return [[int(i) for i in row] for row in (-scores).argsort(axis=1)[:, :count]]


def _words(passages: Iterable[Passage]) -> list[str]:
    return sorted({word for passage in passages for word in passage.text.lower().split() if word.isalpha()})


def _word_neighbours(words: Sequence[str], count: int = 4, least: float = 0.45) -> dict[str, list[str]]:
    """For words that are one word piece, the other such words with the nearest embeddings (cosine at least `least`)."""
    import torch

    from tradespace.components.encoders.base import base_weights, tokenizer

    vocabulary = tokenizer().get_vocab()
    known = [word for word in words if word in vocabulary]
    chosen = torch.from_numpy(base_weights()["words.weight"])[[vocabulary[word] for word in known]]
    vectors = torch.nn.functional.normalize(chosen)
    neighbours = {}
    for word, vector in zip(known, vectors, strict=True):
        values, places = (vectors @ vector).topk(min(count + 1, len(known)))
        near = [known[int(i)] for v, i in zip(values, places, strict=True) if v >= least and known[int(i)] != word]
        if near:
            neighbours[word] = near
    return neighbours


def write_groups(path: Path, groups: Iterable[Group]) -> None:
    """One JSON object a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(group), ensure_ascii=False) + "\n" for group in groups)


def read_groups(path: Path) -> list[Group]:
    """The groups that `write_groups` wrote."""
    with path.open(encoding="utf-8") as file:
        return [Group(**json.loads(line)) for line in file]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA)
    parser.add_argument("--out", type=Path, default=Path("runs/reader/examples"))
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    passages = training_passages(arguments.data)
    write_groups(arguments.out / "cloze.jsonl", cloze_groups(passages, random.Random(arguments.seed)))
    texts = [passage.text for passage in passages]
    write_groups(arguments.out / "supervised.jsonl", supervised_groups(training_questions(arguments.data), texts))


if __name__ == "__main__":
    main()
