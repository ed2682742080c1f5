"""Late interaction: the similarity of single tokens (Khattab & Zaharia 2020, "ColBERT"), here of MiniLM as it is.

The token vectors of a corpus are computed beforehand, as a served system would, in the same pass as its passages'
vectors; a text from elsewhere is encoded when it is met.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tradespace.components.corpus import Corpus
from tradespace.components.embedders.kept import KeptTexts
from tradespace.components.embedders.minilm import TOKEN_STEPS, Minilm, MinilmEncoder, TokenMatrix
from tradespace.components.encoders.torch_threads import one_torch_thread


@dataclass(frozen=True)
class TokenVectors:
    """Looks up the token vectors of passages and encodes what is not there."""

    encoder: MinilmEncoder
    kept: KeptTexts

    @classmethod
    def of(cls, corpus: Corpus) -> TokenVectors:
        """Read those of a corpus from its store, where they are built the first time."""
        return cls(Minilm().load(), Minilm().kept(corpus))

    def __call__(self, texts: Iterable[str]) -> dict[str, TokenMatrix]:
        """Return the token vectors of each distinct text."""
        distinct = dict.fromkeys(texts)
        foreign = [text for text in distinct if text not in self.kept]
        known = {text: self.kept.part("tokens", text) for text in distinct if text in self.kept}
        return known | dict(zip(foreign, self.encoder.encode_tokens(foreign), strict=True))


def token_similarities(question: TokenMatrix, passage: TokenMatrix) -> NDArray[np.float32]:
    """The cosine of each question token with each passage token: shape (question tokens, passage tokens)."""
    import torch

    with one_torch_thread():
        scaled = (question.astype(np.float32) / TOKEN_STEPS**2, passage.astype(np.float32).T)
        return torch.mm(*map(torch.from_numpy, scaled)).numpy()


def late_interaction(similarities: NDArray[np.float32]) -> float:
    """The mean over question tokens of the highest cosine with a passage token.

    >>> late_interaction(np.array([[1.0, 0.2], [0.0, 0.5]], np.float32))
    0.75
    """
    return float(similarities.max(axis=1).mean())
