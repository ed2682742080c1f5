"""What is exported: a pipeline, with where its documents and its indexes are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tradespace.components.base import Pipeline
from tradespace.components.trust import Trust
from tradespace.data.load import dataset_names
from tradespace.errors import InputError
from tradespace.explorer.storage.study import StudyFolder
from tradespace.files import expanded
from tradespace.search_space.specification import Specification


@dataclass(frozen=True)
class ExportedPipeline:
    """A pipeline of a study.

    Attributes:
        allowed: the trust that it needs and was given.
    """

    study: StudyFolder
    specification: Specification
    pipeline: Pipeline
    allowed: tuple[Trust, ...] = ()

    @property
    def folder(self) -> Path:
        """The study's folder, from the root: an export may be run anywhere."""
        return self.study.folder.resolve()

    @property
    def data(self) -> Mapping[str, Any]:
        """Where documents and questions are, as `data` in YAML says it; paths are from the root.

        Raises:
            InputError: the study is of a table that was measured elsewhere and has no documents, or a class of somebody
                else's loads them.
        """
        data = self.specification.data
        if data.table:
            raise InputError(f"{self.study.folder} was concluded from a table, so there is nothing to run: no export")
        if data.langchain_loader:
            raise InputError(
                f"{data.langchain_loader.path} loads the documents of {self.study.folder}, which this export cannot: "
                "`--format langchain` and `tradespace serve` can"
            )
        paths = {"dataset": data.dataset, "questions": data.questions, "documents": data.documents}
        found = {name: self._from_root(path) for name, path in paths.items() if path is not None}
        named = {
            "format": data.format,
            "unreadable": data.unreadable if data.unreadable != "refuse" else None,
            "ignore_identical": data.ignore_identical,
            "columns": data.columns.model_dump(mode="json", exclude_unset=True),
        }
        return {**found, **{name: value for name, value in named.items() if value}}

    def _from_root(self, path: str) -> str:
        if path in dataset_names():
            return path
        return str((self.specification.folder / expanded(path)).resolve())
