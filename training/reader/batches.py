"""Batches of groups: each row one question with one passage cut round the answer, rows about equally long."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tokenizers import Tokenizer

from tradespace.components.encoders.inputs import Pieces, TokenRow, pad, pieces, row
from training.reader.examples import Group

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class TrainingBatch:
    """Rows of several groups.

    Attributes:
        tokens, segments, mask: the network's input [rows, length].
        group: which group each row belongs to [rows].
        gold: whether the row's passage holds the answer [rows].
        starts, ends: 1 where an answer starts or ends (its last token) [rows, length].
    """

    tokens: Tensor
    segments: Tensor
    mask: Tensor
    group: Tensor
    gold: Tensor
    starts: Tensor
    ends: Tensor


@dataclass(frozen=True)
class _Labelled:
    row: TokenRow
    spans: list[tuple[int, int]]


class Batches:
    """Draws batches of about `budget` tokens from `groups`; the same `seed` draws the same batch."""

    def __init__(
        self, tokenizer: Tokenizer, groups: Sequence[Group], budget: int, passage_tokens: int, negatives: float
    ) -> None:
        self._tokenizer, self._groups = tokenizer, groups
        self._budget, self._passage_tokens, self._negatives = budget, passage_tokens, negatives
        self._cache: dict[str, Pieces] = {}

    def draw(self, seed: int) -> TrainingBatch:
        """A batch; groups get up to `negatives` passages without the answer (the fraction is a chance)."""
        generator = random.Random(seed)
        pool = generator.choices(self._groups, k=80)
        made = sorted((self._rows(group, generator) for group in pool), key=lambda rows: max(map(_length, rows)))
        first = generator.randrange(len(made))
        chosen: list[list[_Labelled]] = []
        for rows in made[first:] + made[:first][::-1]:
            height = sum(map(len, chosen)) + len(rows)
            width = max(_length(each) for group in [*chosen, rows] for each in group)
            if chosen and height * width > self._budget:
                break
            chosen.append(rows)
        return _tensors(chosen)

    def _rows(self, group: Group, generator: random.Random) -> list[_Labelled]:
        question = self._pieces(group.question).tokens
        rows = [self._gold_row(question, group, generator)]
        wanted = int(self._negatives) + (generator.random() < self._negatives % 1)
        for text in generator.sample(group.negatives, min(wanted, len(group.negatives))):
            tokens = self._pieces(text).tokens
            start = generator.randint(0, max(0, len(tokens) - self._passage_tokens))
            rows.append(_Labelled(row(question, tokens[start : start + self._passage_tokens]), []))
        return rows

    def _gold_row(self, question: list[int], group: Group, generator: random.Random) -> _Labelled:
        passage = self._pieces(group.passage)
        spans = [span for each in group.spans if (span := token_span(passage, *each)) is not None]
        first, last = spans[0]
        latest = min(first, max(0, len(passage.tokens) - self._passage_tokens))
        start = generator.randint(min(latest, max(0, last + 1 - self._passage_tokens)), latest)
        made = row(question, passage.tokens[start : start + self._passage_tokens])
        shift = made.passage_start - start
        moved = [(a + shift, b + shift) for a, b in spans if a >= start and b < start + self._passage_tokens]
        return _Labelled(made, moved)

    def _pieces(self, text: str) -> Pieces:
        if text not in self._cache:
            self._cache[text] = pieces(self._tokenizer, text)
        return self._cache[text]


def token_span(passage: Pieces, start: int, end: int) -> tuple[int, int] | None:
    """First and last token of the characters [start, end), or None where no token stands for them."""
    inside = [i for i, (left, right) in enumerate(passage.offsets) if left < end and right > start]
    return (inside[0], inside[-1]) if inside else None


def _length(labelled: _Labelled) -> int:
    return len(labelled.row.tokens)


def _tensors(groups: Sequence[Sequence[_Labelled]]) -> TrainingBatch:
    import torch

    flat = [each for group in groups for each in group]
    batch = pad([each.row for each in flat])
    starts, ends = torch.zeros(batch.tokens.shape), torch.zeros(batch.tokens.shape)
    for place, each in enumerate(flat):
        for first, last in each.spans:
            starts[place, first] = ends[place, last] = 1.0
    return TrainingBatch(
        tokens=torch.from_numpy(batch.tokens),
        segments=torch.from_numpy(batch.segments),
        mask=torch.from_numpy(batch.mask),
        group=torch.tensor([number for number, group in enumerate(groups) for _ in group]),
        gold=torch.tensor([bool(each.spans) for each in flat]),
        starts=starts,
        ends=ends,
    )
