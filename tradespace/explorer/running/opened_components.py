"""What evaluations share: documents read once by each parser, each corpus cut once, each component opened once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from tradespace.components.base import Chunker, Component, Operator, Parser, Pipeline
from tradespace.components.checked import checked_passages
from tradespace.components.corpus import Corpus, whole_documents
from tradespace.components.hub import offline_explained
from tradespace.components.llms.base import LanguageModel
from tradespace.components.priced import PricedModel
from tradespace.components.store import ArtefactStore
from tradespace.errors import ComponentError
from tradespace.explorer.running.component_errors import component_errors
from tradespace.explorer.running.parsed_documents import parsed_documents
from tradespace.plurals import count
from tradespace.types import Document, Failure, Passage


@dataclass
class OpenedComponents:
    """Documents, what was made of them, and the opened components. Built indexes and parsed files are kept in `folder`.

    Attributes:
        working: called with what takes a while.
    """

    documents: Sequence[Document]
    folder: Path
    working: Callable[[str], None] = lambda doing: None
    _documents: dict[tuple[Component, ...], tuple[Document, ...] | Failure] = field(default_factory=dict)
    _corpora: dict[tuple[Component, ...], Corpus] = field(default_factory=dict)
    _operators: dict[tuple[Component, str, str, bool], Operator | Failure] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._documents[()] = tuple(self.documents)

    @cached_property
    def _store(self) -> ArtefactStore:
        return ArtefactStore(self.folder)

    @cached_property
    def nothing(self) -> Corpus:
        """A corpus without a passage: what models are opened on that no pipeline asks, such as judges."""
        return Corpus((), self._store)

    def documents_of(self, pipeline: Pipeline) -> tuple[Document, ...]:
        """The documents that a pipeline searches: as its parse stages read them.

        Raises:
            ComponentError: a parser raised.
        """
        return self._parsed_by(pipeline.parsers)

    def corpus(self, pipeline: Pipeline) -> Corpus:
        """The corpus that a pipeline searches: its parse and chunk stages applied to the documents.

        Raises:
            ComponentError: a parser or the chunker raised.
        """
        stages, chunker = pipeline.corpus_stages, pipeline.chunker
        if stages not in self._corpora:
            documents = self.documents_of(pipeline)
            self.working(
                f"cutting {count(len(documents), 'document')} with {chunker!r}" if chunker else "reading documents"
            )
            with component_errors(chunker):
                passages = _cut(chunker, documents) if isinstance(chunker, Chunker) else whole_documents(documents)
            self._corpora[stages] = Corpus(passages, self._store, documents)
        return self._corpora[stages]

    def _parsed_by(self, parsers: tuple[Component, ...]) -> tuple[Document, ...]:
        """The documents as some parsers read them one after the other; pipelines that begin alike share them."""
        if parsers not in self._documents:
            self._documents[parsers] = self._parsed_anew(parsers)
        documents = self._documents[parsers]
        if isinstance(documents, Failure):
            raise ComponentError(documents.message)
        return documents

    def _parsed_anew(self, parsers: tuple[Component, ...]) -> tuple[Document, ...] | Failure:
        *before, parser = parsers
        assert isinstance(parser, Parser)
        try:
            documents = self._parsed_by(tuple(before))
            self.working(f"reading {count(len(documents), 'document')} with {parser!r}")
            with component_errors(parser):
                return parsed_documents(parser, documents, self._store)
        except ComponentError as error:
            return Failure(str(error))

    def operator(self, component: Component, corpus: Corpus, *, for_timing: bool = False) -> Operator:
        """The opened component. One that could not be opened is not tried again.

        A model is opened once for all corpora. What is opened for timing reads every prompt as if it came for
        the first time.

        Raises:
            ComponentError: it could not be opened.
        """
        anew = component if for_timing and isinstance(component, LanguageModel) and component.keeps_prompts else None
        searched = "" if isinstance(component, PricedModel) else corpus.key
        place = (component, searched, component.address_in(corpus), anew is not None)
        if place not in self._operators:
            on = f" on {count(len(corpus.passages), 'passage')}" if corpus.passages else ""
            self.working(f"opening {component!r}{on}")
            self._operators[place] = _opened(component, anew.open_for_timing if anew else component.open, corpus)
        operator = self._operators[place]
        if isinstance(operator, Failure):
            raise ComponentError(operator.message)
        return operator

    def operators_for(self, corpus: Corpus, *, for_timing: bool = False) -> Callable[[Component], Operator]:
        """`operator` with the corpus filled in."""
        return lambda component: self.operator(component, corpus, for_timing=for_timing)


def _cut(chunker: Chunker, documents: Sequence[Document]) -> tuple[Passage, ...]:
    return checked_passages(chunker, chunker.split(documents))


def _opened(component: Component, open_on: Callable[[Corpus], Operator], corpus: Corpus) -> Operator | Failure:
    try:
        with component_errors(component, "It was being opened: fix the cause, or leave it out of the space"):
            return open_on(corpus)
    except ComponentError as error:
        return Failure(offline_explained(str(error)))
