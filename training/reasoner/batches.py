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

CONTEXT_WEIGHT = 0.1


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

    def batch(self, step: int, curriculum: Curriculum) -> Batch:
        """Return the batch of a step: the same for the same seed, step and curriculum."""
        random = Random((self.seed << 48) ^ step)
        rows = [self._row(random, curriculum) for _ in range(self.rows)]
        return Batch(np.array([tokens for tokens, _ in rows]), np.array([w for _, w in rows], dtype=np.float32))

    def _row(self, random: Random, curriculum: Curriculum) -> tuple[list[int], list[float]]:
        drawn = random.random()
        if drawn < curriculum.copying:
            return self._copies(random, curriculum.length)
        if drawn < curriculum.copying + curriculum.sums:
            return self._packed(sums(random), curriculum.length)
        return self._packed(conversation(random, curriculum.level), curriculum.length)

    def _copies(self, random: Random, length: int) -> tuple[list[int], list[float]]:
        """Return a random sequence repeated to the end: only the repeats can be, and are asked to be, predicted."""
        period = random.randint(5, length // 2)
        pattern = [random.randrange(len(SPECIAL), len(self.tokenizer)) for _ in range(period)]
        tokens = (pattern * (length // period + 1))[:length]
        return tokens, [0.0] * period + [0.3] * (length - period)

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
        return self.tokenizer.convert_tokens_to_ids(tokens)
