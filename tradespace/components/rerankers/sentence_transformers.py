"""Cross-encoders: question and passage are read together by one model (Nogueira & Cho 2019)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from tradespace.addresses import weights_of
from tradespace.components.corpus import Corpus
from tradespace.components.rerankers.pointwise import PointwiseReranker, Scorer
from tradespace.errors import ComponentError
from tradespace.types import Pair

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


class SentenceTransformersCrossEncoder(PointwiseReranker):
    """Any `CrossEncoder` of sentence-transformers that gives a pair one score, from a folder; never downloaded."""

    name: ClassVar[str] = "sentence_transformers"
    in_words: ClassVar[str] = "a cross-encoder keeps {keep}"

    model: str = Field(min_length=1, description="the folder of the model, as written by CrossEncoder.save_pretrained")

    @property
    def weights_checksum(self) -> str:
        return weights_of(self.model)

    @property
    def optional_packages(self) -> tuple[str, ...]:
        return ("sentence_transformers",)

    def scorer(self, corpus: Corpus) -> Scorer:
        self.require_packages()
        model = _loaded(self.model)

        def score(pairs: Sequence[Pair]) -> list[float]:
            texts = [(question, passage.text) for question, passage in pairs]
            return [float(value) for value in model.predict(texts, show_progress_bar=False)]

        return score


@cache
def _loaded(folder: str) -> CrossEncoder:
    from sentence_transformers import CrossEncoder

    if not Path(folder).is_dir():
        raise ComponentError(
            f"sentence_transformers: model must be the folder of a CrossEncoder; there is none at {folder!r}"
        )
    try:
        model = CrossEncoder(folder, local_files_only=True)
    except Exception as error:
        raise ComponentError(
            f"sentence_transformers: model must be the folder of a CrossEncoder; given {folder!r}: {error}"
        ) from error
    if model.config.num_labels != 1:
        raise ComponentError(
            f"sentence_transformers: the model must give one score a pair; {folder!r} gives {model.config.num_labels}"
        )
    return model  # type: ignore[no-any-return]
