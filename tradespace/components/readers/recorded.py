"""A whole pipeline that was measured elsewhere, by the settings that a table gives it."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import ConfigDict

from tradespace.components.base import Operator, Reader
from tradespace.components.corpus import Corpus
from tradespace.errors import ComponentError


class RecordedReader(Reader):
    """A pipeline that was measured elsewhere: what it scored and took stands in a [table](tables.md). Its settings are
    those columns of the table that tell pipelines apart. It cannot be called.

    >>> RecordedReader(embedder="minilm", top_k=5)
    recorded(embedder='minilm', top_k=5)
    """

    name: ClassVar[str] = "recorded"
    model_config = ConfigDict(extra="allow")

    @property
    def settings(self) -> dict[str, Any]:
        return dict(self.model_extra or {})

    @property
    def chosen_settings(self) -> dict[str, Any]:
        return self.settings

    def open(self, corpus: Corpus) -> Operator:
        raise ComponentError(
            f"{self} was measured elsewhere, and only its figures are known: it cannot answer. To run such a pipeline, "
            "write it of components that can"
        )
