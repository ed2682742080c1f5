"""Where the passages of answers come from: their pages and sections."""

from __future__ import annotations

from tradespace.components.base import Pipeline
from tradespace.components.chunkers.structure import SourceLocation, source_location
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.replicas import ReplicaSetup
from tradespace.types import Passage


class PassageLocations:
    """Knows the documents of all pipelines of a server, as each reads them."""

    def __init__(self, setup: ReplicaSetup) -> None:
        """Read documents again for pipelines with parse stages.

        Raises:
            ComponentError: a parser raised.
        """
        opened = OpenedComponents(setup.documents, setup.artefacts)
        self._documents = {
            pipeline.parsers: {document.id: document for document in opened.documents_of(pipeline)}
            for pipeline in setup.pipelines
        }

    def of(self, passage: Passage, pipeline: Pipeline) -> SourceLocation:
        """The pages and the section of a passage that a pipeline found; nothing where they are not known."""
        return source_location(passage, self._documents.get(pipeline.parsers, {}).get(passage.document_id))
