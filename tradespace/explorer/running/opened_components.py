"""What evaluations share: each corpus chunked once, each component opened once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from tradespace.components.base import Chunker, Component, Operator, Pipeline
from tradespace.components.checked import checked_passages
from tradespace.components.corpus import Corpus, whole_documents
from tradespace.components.hub import offline_explained
from tradespace.components.llms.base import LanguageModel
from tradespace.components.priced import PricedModel
from tradespace.components.store import ArtefactStore
from tradespace.errors import ComponentError
from tradespace.explorer.running.component_errors import component_errors
from tradespace.plurals import count
from tradespace.types import Document, Failure, Passage


@dataclass
class OpenedComponents:
    """Documents, what was made of them, and the opened components. Built indexes are kept in `folder`.

    Attributes:
        working: called with what takes a while.
    """

    documents: Sequence[Document]
    folder: Path
    working: Callable[[str], None] = lambda doing: None
    _corpora: dict[Component | None, Corpus] = field(default_factory=dict)
    _operators: dict[tuple[Component, str, bool], Operator | Failure] = field(default_factory=dict)

    @cached_property
    def _store(self) -> ArtefactStore:
        return ArtefactStore(self.folder)

    def corpus(self, pipeline: Pipeline) -> Corpus:
        """The corpus that a pipeline searches: its chunk stage applied to the documents.

        Raises:
            ComponentError: the chunker raised.
        """
        chunker = pipeline.chunker
        if chunker not in self._corpora:
            self.working(
                f"cutting {count(len(self.documents), 'document')} with {chunker!r}" if chunker else "reading documents"
            )
            with component_errors(chunker):
                passages = self._cut(chunker) if isinstance(chunker, Chunker) else whole_documents(self.documents)
            self._corpora[chunker] = Corpus(passages, self._store, tuple(self.documents))
        return self._corpora[chunker]

    def _cut(self, chunker: Chunker) -> tuple[Passage, ...]:
        return checked_passages(chunker, chunker.split(self.documents))

    def operator(self, component: Component, corpus: Corpus, *, for_timing: bool = False) -> Operator:
        """The opened component. One that could not be opened is not tried again.

        A model is opened once for all corpora. What is opened for timing reads every prompt as if it came for
        the first time.

        Raises:
            ComponentError: it could not be opened.
        """
        anew = component if for_timing and isinstance(component, LanguageModel) and component.keeps_prompts else None
        place = (component, "" if isinstance(component, PricedModel) else corpus.key, anew is not None)
        if place not in self._operators:
            self.working(f"opening {component!r} on {count(len(corpus.passages), 'passage')}")
            self._operators[place] = _opened(component, anew.open_for_timing if anew else component.open, corpus)
        operator = self._operators[place]
        if isinstance(operator, Failure):
            raise ComponentError(operator.message)
        return operator

    def operators_for(self, corpus: Corpus, *, for_timing: bool = False) -> Callable[[Component], Operator]:
        """`operator` with the corpus filled in."""
        return lambda component: self.operator(component, corpus, for_timing=for_timing)


def _opened(component: Component, open_on: Callable[[Corpus], Operator], corpus: Corpus) -> Operator | Failure:
    try:
        with component_errors(component, "It was being opened: fix the cause, or leave it out of the space"):
            return open_on(corpus)
    except ComponentError as error:
        return Failure(offline_explained(str(error)))
