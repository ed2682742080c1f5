"""What embedders share that are given a model by its name: prefixes, and how long a vector is."""

from __future__ import annotations

from abc import ABC

from pydantic import Field

from tradespace.components.embedders.base import Embedder
from tradespace.components.embedders.prefixes import NO_PREFIXES, Prefixes, known_prefixes

_BY_DEFAULT = "by default what the model itself says, else what its family is known to need"


class NamedEmbedder(Embedder, ABC):
    """A model that is named, with the prefixes that it was trained with and the length of its vectors."""

    model: str = Field(min_length=1, description="a folder, or the model's name")
    query_prefix: str | None = Field(default=None, description=f"what stands before each question; {_BY_DEFAULT}")
    document_prefix: str | None = Field(default=None, description=f"what stands before each passage; {_BY_DEFAULT}")
    normalize: bool = Field(
        default=True, description="whether vectors are scaled to length 1, so that they are compared by their cosine"
    )
    dimensions: int | None = Field(
        default=None,
        ge=1,
        le=65_536,
        description="how many numbers of each vector are kept, of models that were trained for that (Matryoshka, "
        "Kusupati et al. 2022); all by default",
    )

    def prefixes(self, own: Prefixes = NO_PREFIXES) -> Prefixes:
        """What stands before texts: what was set, else the model's `own`, else what its family is known to need."""
        known = known_prefixes(self.model)
        query, document = own.query or known.query, own.document or known.document
        return Prefixes(
            query if self.query_prefix is None else self.query_prefix,
            document if self.document_prefix is None else self.document_prefix,
        )
