"""Batches of token ids with a weight per token, drawn from the step number alone, so that training resumes anywhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from training.reasoner.conversations import Turn, conversation, sums
from training.reasoner.vocabulary import ASSISTANT, BEGIN, END, SPECIAL, SYSTEM, USER

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

CONTEXT_WEIGHT = 0.03
DRILL_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Curriculum:
    """What the batches of one moment hold: row length, passages (level 0 to 1), shares of copying and of sums."""

    length: int
    level: float
    copying: float
    sums: float


@dataclass(frozen=True, slots=True)
class Batch:
    """Token ids (rows x length) and the loss weight of each as a target."""

    tokens: npt.NDArray[np.int64]
    weights: npt.NDArray[np.float32]


class Batches:
    """Draws the batch of a step; rows are cut at their length and never padded."""

    def __init__(self, tokenizer: "PreTrainedTokenizerFast", rows: int, seed: int) -> None:
        self.tokenizer, self.rows, self.seed = tokenizer, rows, seed
        self._vocabulary = tokenizer.get_vocab()

    def batch(self, step: int, curriculum: Curriculum) -> Batch:
        """Return the batch of a step: the same for the same seed, step and curriculum."""
        random = Random((self.seed << 48) ^ step)
        rows = [self._row(random, curriculum) for _ in range(self.rows)]
        return Batch(np.array([tokens for tokens, _ in rows]), np.array([w for _, w in rows], dtype=np.float32))

    def _row(self, random: Random, curriculum: Curriculum) -> tuple[list[int], list[float]]:
        drawn = random.random()
        if drawn < curriculum.copying:
            drill = random.choice((self._copies, self._records))
            return drill(random, curriculum.length)
        if drawn < curriculum.copying + curriculum.sums:
            return self._packed(sums(random), curriculum.length)
        return self._packed(conversation(random, curriculum.level), curriculum.length)

    def _copies(self, random: Random, length: int) -> tuple[list[int], list[float]]:
        """Return a random sequence repeated to the end: only the repeats can be, and are asked to be, predicted."""
        period = random.randint(5, length // 2)
        pattern = [random.randrange(len(SPECIAL), len(self.tokenizer)) for _ in range(period)]
        tokens = (pattern * (length // period + 1))[:length]
        return tokens, [0.0] * (period + 1) + [DRILL_WEIGHT] * (length - period - 1)

    def _records(self, random: Random, length: int) -> tuple[list[int], list[float]]:
        """Return names, each followed by its word or two-digit number, again and again in shuffled order."""
        digits = self._ids(list("0123456789"))
        keys = random.sample(range(len(SPECIAL), len(self.tokenizer)), random.randint(3, 16))
        values = [random.choice((random.choices(digits, k=2), random.choices(keys))) for _ in keys]
        records = list(zip(keys, values, strict=True))
        tokens: list[int] = []
        weights: list[float] = []
        while len(tokens) < length:
            weight = DRILL_WEIGHT if tokens else 0.0
            random.shuffle(records)
            for key, value in records:
                tokens += [key, *value]
                weights += [0.0] + [weight] * len(value)
        return tokens[:length], weights[:length]

    def _packed(self, turns: Iterator[Turn], length: int) -> tuple[list[int], list[float]]:
        tokens, weights = self._ids([BEGIN]), [0.0]
        while len(tokens) < length:
            few = list(islice(turns, 4))
            for ids, weight in self._encoded(few):
                tokens += ids
                weights += [weight] * len(ids)
        return tokens[:length], weights[:length]

    def _encoded(self, turns: list[Turn]) -> Iterator[tuple[list[int], float]]:
        texts = [text for turn in turns for text in (turn.asked, turn.mode, turn.written)]
        encoded = iter(self.tokenizer(texts, add_special_tokens=False).input_ids)
        for _ in turns:
            asked, mode, written = next(encoded), next(encoded), next(encoded)
            yield self._ids([USER]) + asked + self._ids([SYSTEM]) + mode + self._ids([ASSISTANT]), CONTEXT_WEIGHT
            yield written + self._ids([END]), 1.0

    def _ids(self, tokens: list[str]) -> list[int]:
        return [self._vocabulary[token] for token in tokens]
