"""Turns questions and passages into what the network takes: [CLS] question [SEP] passage [SEP]."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy
    from tokenizers import Tokenizer

CLASSIFY, SEPARATE = 101, 102
QUESTION_TOKENS = 48


@dataclass(frozen=True)
class Pieces:
    """Word pieces of a text and the characters [start, end) that each stands for."""

    tokens: list[int]
    offsets: list[tuple[int, int]]


@dataclass(frozen=True)
class TokenRow:
    """One question with one passage (or a window of it): the input tokens and how many come before the passage."""

    tokens: list[int]
    passage_start: int


@dataclass(frozen=True)
class PaddedBatch:
    """Padded rows: tokens, segments and mask, each an int64 array [rows, length]."""

    tokens: numpy.ndarray
    segments: numpy.ndarray
    mask: numpy.ndarray

    @property
    def arrays(self) -> dict[str, numpy.ndarray]:
        """The arrays by name, in the order that the network takes them."""
        return {"tokens": self.tokens, "segments": self.segments, "mask": self.mask}


def pieces(tokenizer: Tokenizer, text: str) -> Pieces:
    """The word pieces of `text`, without special tokens."""
    encoded = tokenizer.encode(text, add_special_tokens=False)
    return Pieces(encoded.ids, encoded.offsets)


def row(question: Sequence[int], passage: Sequence[int]) -> TokenRow:
    """The input of one question and one passage; questions beyond 48 word pieces are cut."""
    head = [CLASSIFY, *question[:QUESTION_TOKENS], SEPARATE]
    return TokenRow([*head, *passage, SEPARATE], len(head))


def row_length(question: int, passage: int) -> int:
    """How many tokens `row` makes of so many of a question and of a passage."""
    return min(question, QUESTION_TOKENS) + passage + 3


def pad(rows: Sequence[TokenRow]) -> PaddedBatch:
    """`rows` as arrays, filled up to the longest."""
    import numpy

    length = max(len(each.tokens) for each in rows)
    tokens = numpy.zeros((len(rows), length), dtype=numpy.int64)
    segments, mask = numpy.zeros_like(tokens), numpy.zeros_like(tokens)
    for place, each in enumerate(rows):
        end = len(each.tokens)
        tokens[place, :end] = each.tokens
        mask[place, :end] = 1
        segments[place, each.passage_start : end] = 1
    return PaddedBatch(tokens, segments, mask)
