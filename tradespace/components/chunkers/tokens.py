"""Passages of a fixed number of MiniLM's tokens, regardless of sentence boundaries. MiniLM reads 256 at most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, ClassVar, Self

from pydantic import Field, model_validator

from tradespace.components.base import Chunker
from tradespace.components.chunkers.base import passage_at
from tradespace.components.encoders.base import tokenizer
from tradespace.components.sentences import Offsets
from tradespace.types import Document, Passage

if TYPE_CHECKING:
    from tokenizers import Tokenizer


class Tokens(Chunker):
    """Windows over the tokens. LangChain's token splitters would hand back lower-cased, decoded text instead of the
    document's own, so the windows are cut here, by the tokens' character offsets."""

    name: ClassVar[str] = "tokens"

    size: int = Field(default=128, ge=16, le=4096, description="how long a passage is, in tokens")
    overlap: int = Field(
        default=0, ge=0, le=2048, description="how much of the previous passage is repeated, in tokens"
    )

    @model_validator(mode="after")
    def _overlap_is_smaller(self) -> Self:
        if self.overlap >= self.size:
            raise ValueError(f"overlap must be less than size; given overlap={self.overlap}, size={self.size}")
        return self

    def split(self, documents: Sequence[Document]) -> tuple[Passage, ...]:
        encodings = _tokenizer().encode_batch([document.text for document in documents], add_special_tokens=False)
        return tuple(
            passage_at(document, start, end)
            for document, encoding in zip(documents, encodings, strict=True)
            for start, end in self._spans(document.text, [start for start, _ in encoding.offsets])
        )

    def _spans(self, text: str, starts: Sequence[int]) -> Iterator[Offsets]:
        """Every window ends where the token after it starts, less the space between: no character is lost."""
        last_start = max(len(starts) - self.overlap, 1)
        for first in range(0, last_start if starts else 0, self.size - self.overlap):
            start = starts[first] if first else 0
            end = starts[first + self.size] if first + self.size < len(starts) else len(text)
            yield start, start + len(text[start:end].rstrip())


@cache
def _tokenizer() -> Tokenizer:
    return tokenizer()
