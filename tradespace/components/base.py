"""The component protocol: a value with typed settings that can be opened and called.

A component is a frozen pydantic model: its fields are its settings, and they are the YAML schema. Two things are kept
apart. The *value* (settings, equality, hash, notation) is what search spaces, ledgers and reports handle. The
*operator* is what `open` makes of it: loaded models and built indexes, called with a batch of requests.

How a component answers one request is a *process*: a generator that yields calls and is sent their outcomes. Whoever
drives the process decides how the calls are made: one by one for a user, batched and shared through the ledger for an
exploration, or under a stopwatch. A plain component is one call to itself; a fusion yields one call for each member; a
pointwise reader one call for each passage, so that pipelines that read the same passage share the work.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict

from tradespace.addresses import AddedLater, digest
from tradespace.components.checked import OutcomeKind
from tradespace.components.corpus import Corpus
from tradespace.components.passes import Passes
from tradespace.components.roles import Role, stage_names, stages_problem
from tradespace.components.trust import Trust
from tradespace.errors import ComponentError, NotationError
from tradespace.extras import missing
from tradespace.types import (
    Answer,
    Completion,
    Document,
    Failure,
    Given,
    Outcome,
    Passage,
    ProgramRun,
    Ranking,
    Request,
    Timed,
)

Operator = Callable[[Sequence[Any]], Sequence[Outcome | Timed | Failure]]
"""An opened component: a batch of requests (a language model: of prompts) in, as many outcomes out, in the same order.

One that pays for its calls returns a `Failure` in the place of a call that failed, so that the others are not made
again; one whose calls are timed as they are made (remote or recorded) returns them as `Timed`.
"""


class Component(BaseModel, ABC):
    """One configured part of a pipeline. Equal settings make equal components.

    Class attributes:
        role: which stage or setting this component can fill.
        name: how YAML and the notation call it; unique among all components.
        corpus_bound: whether outcomes depend on the corpus it was opened with, not on the request alone.
        version: of its behaviour; raised when equal settings and weights begin to give other outcomes.
        unkeyed: settings that no outcome depends on, such as how patiently a server is asked. They are left out of
            the content address of its calls: to change them repeats no call. A setting that was added to a component
            after its first release is marked instead (`AddedLater`): it is left out as long as it is what it was.
        in_words: what it does, as a clause in plain words, or a noun phrase where it fills a setting. Settings stand in
            braces; what is said only of those that are not 0 or empty, in brackets. Empty where its name says it.

    >>> from tradespace.components.retrievers import BM25
    >>> retriever = BM25(top_k=5)
    >>> retriever, retriever == BM25(k1=1.2, top_k=5), retriever.with_settings(b=0.4)
    (bm25(top_k=5), True, bm25(b=0.4, top_k=5))
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, validate_default=True)

    role: ClassVar[Role]
    name: ClassVar[str]
    corpus_bound: ClassVar[bool] = False
    version: ClassVar[int] = 1
    unkeyed: ClassVar[frozenset[str]] = frozenset()
    in_words: ClassVar[str] = ""

    @property
    def settings(self) -> dict[str, Any]:
        """All settings by name, defaults included; nested components stay components."""
        return {name: getattr(self, name) for name in type(self).model_fields}

    @property
    def chosen_settings(self) -> dict[str, Any]:
        """The settings that differ from their defaults."""
        defaults = {name: field.get_default(call_default_factory=True) for name, field in self.fields()}
        return {name: value for name, value in self.settings.items() if value != defaults[name]}

    @property
    def needs(self) -> frozenset[Trust]:
        """The trust that this component needs itself, apart from its parts: that of its settings' types by default."""
        return frozenset(mark for _, field in self.fields() for mark in field.metadata if isinstance(mark, Trust))

    @property
    def optional_packages(self) -> tuple[str, ...]:
        """Modules that it imports to be opened and that a default install leaves out (`tradespace.extras`)."""
        return ()

    def require_packages(self) -> None:
        """Make sure that its optional packages can be imported.

        Raises:
            ComponentError: one is not installed; it says what to install.
        """
        if problem := missing(self.optional_packages):
            raise ComponentError(f"{self.name} {problem}")

    def parts(self) -> Iterator[Component]:
        """This component and all that stand in its settings, however deep."""
        yield self
        for nested in _components_in(self.settings):
            yield from nested.parts()

    @property
    def returns(self) -> OutcomeKind | None:
        """What its operator returns: the kind of its calls; None where any kind will do."""
        return self.role.returns

    @property
    def batch_size(self) -> int:
        """How many calls the operator likes to be handed together; a kill loses at most these."""
        return 256

    @classmethod
    def fields(cls) -> list[tuple[str, Any]]:
        """The declared settings: (name, pydantic field)."""
        return list(cls.model_fields.items())

    @property
    def weights_checksum(self) -> str:
        """Checksum of the weights that outcomes come from, beside the settings; empty where there are none."""
        return ""

    @classmethod
    def versioned_name(cls) -> str:
        """The name, and the version of the behaviour where it is not the first."""
        return cls.name if cls.version == 1 else f"{cls.name}@{cls.version}"

    @property
    def behaviour(self) -> str:
        """What outcomes depend on besides the component's own weights, as text: versioned name and every keyed setting,
        defaults included; components among the settings are written as their identity."""
        return notation(self.versioned_name(), self.keyed_settings, lambda component: component.identity)

    @property
    def keyed_settings(self) -> dict[str, Any]:
        """The settings that outcomes are addressed by; one that was added later, only where it is not what it was."""
        added = {name: mark for name, field in self.fields() for mark in field.metadata if isinstance(mark, AddedLater)}
        return {
            name: value
            for name, value in self.settings.items()
            if name not in self.unkeyed and not (name in added and _identified(value) == added[name].was)
        }

    @property
    def identity(self) -> str:
        """Everything that outcomes depend on, as text: the behaviour, and the weights where there are any."""
        return f"{self.behaviour}#{self.weights_checksum}" if self.weights_checksum else self.behaviour

    @cached_property
    def key(self) -> str:
        """Content address of this component's calls: a digest of behaviour and weights."""
        return (
            digest([self.behaviour, self.weights_checksum])
            if self.weights_checksum
            else sha256(self.behaviour.encode()).hexdigest()
        )

    def full_notation(self) -> str:
        """The notation with every setting spelt out, defaults included."""
        return notation(self.name, self.settings, Component.full_notation)

    @cached_property
    def _written(self) -> str:
        return self.full_notation()

    def __repr__(self) -> str:
        return notation(self.name, self.chosen_settings, repr)

    def __str__(self) -> str:
        return repr(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Component) and type(other) is type(self) and self._written == other._written

    def __hash__(self) -> int:
        return hash(self._written)

    def __rshift__(self, other: Component | Pipeline) -> Pipeline:
        return compose(self, other)

    def with_settings(self, **settings: Any) -> Self:
        """Return a validated copy with some settings replaced."""
        return type(self)(**{**self.settings, **settings})

    def open(self, corpus: Corpus) -> Operator:
        """Load models, build or read indexes, and return the operator.

        Called once per corpus; the operator is then called with many batches. Heavy libraries are imported here.

        Raises:
            ComponentError: a model or index cannot be loaded or built.
        """
        raise NotImplementedError(f"{type(self).__name__} makes no calls of its own")

    def address_in(self, corpus: Corpus) -> str:
        """Content address of what outcomes depend on of the corpus that it is opened with; empty where on nothing."""
        return corpus.key if self.corpus_bound else ""

    def passes(self, requests: Sequence[Any]) -> Passes | None:
        """The passes through a network that the operator makes for a batch, without opening anything; None where it
        makes none, or does not say.

        They foretell how long a call takes before it is made. What makes no passes is foretold from how many calls are
        made together, and from the length of their texts.
        """
        return None

    def process(self, request: Request) -> Process:
        """Answer one request: yield batches of calls, receive their outcomes, return the outcome."""
        (outcome,) = yield (Call(self, request),)
        return outcome

    def simplified(self, request: Request) -> tuple[Component, Request]:
        """The same work in its simplest form: a component and a request that make the same calls as this component on
        this request, and come to the same outcome.

        A setting that allows for more passages than there are makes no difference, nor does an order that nobody looks
        at. Pipelines that end in the same work are one: they are tried once.
        """
        return self, request


@dataclass(frozen=True, slots=True)
class Call:
    """One call of an opened component: the unit that the ledger records. A language model is given a prompt."""

    component: Component
    request: Given


Process = Generator[Sequence[Call], Sequence[Outcome], Outcome]
"""A component answering one request: yields calls that may run in parallel, is sent their outcomes in order."""


class Parser(Component, ABC):
    """Reads the files of documents in a way of its own. Works before any question arrives, and before the chunker.

    >>> from dataclasses import replace
    >>> class Shouted(Parser):
    ...     name = "shouted"
    ...
    ...     def parsed(self, documents):
    ...         return tuple(replace(document, text=document.text.upper()) for document in documents)
    >>> [document.text for document in Shouted().parsed([Document("cat", "The cat sat.")])]
    ['THE CAT SAT.']
    """

    role: ClassVar[Role] = Role.PARSE

    @abstractmethod
    def parsed(self, documents: Sequence[Document]) -> tuple[Document, ...]:
        """Every document with its id, in order: as it is read from its `file`, where it has one of a kind that this
        parser reads, and unchanged otherwise.

        Raises:
            ComponentError: a file cannot be read so.
        """


class Chunker(Component, ABC):
    """Cuts documents into the passages that are indexed. Works before any question arrives.

    >>> from tradespace.components.chunkers.base import passage_at
    >>> class Halves(Chunker):
    ...     name = "halves"
    ...
    ...     def split(self, documents):
    ...         halves = [(0, 0.5), (0.5, 1)]
    ...         return tuple(
    ...             passage_at(document, int(start * len(document.text)), int(end * len(document.text)))
    ...             for document in documents
    ...             for start, end in halves
    ...         )
    >>> [passage.id for passage in Halves().split([Document("cat", "The cat sat.")])]
    ['cat[0:6]', 'cat[6:12]']
    """

    role: ClassVar[Role] = Role.CHUNK

    @abstractmethod
    def split(self, documents: Sequence[Document]) -> tuple[Passage, ...]:
        """Cut every document. A passage that is a whole document keeps its id; a part is called `id[start:end]`,
        by character offsets into the document's text."""


class Retriever(Component, ABC):
    """Finds passages of a corpus for a question: ignores the request's passages, returns a ranking.

    >>> from tradespace.types import ScoredPassage
    >>> class Shortest(Retriever):
    ...     name = "shortest"
    ...     top_k: int = 1
    ...
    ...     def open(self, corpus):
    ...         passages = sorted(corpus.passages, key=lambda passage: len(passage.text))[: self.top_k]
    ...         ranking = tuple(ScoredPassage(passage, -len(passage.text)) for passage in passages)
    ...         return lambda requests: [ranking for request in requests]
    >>> from pathlib import Path
    >>> from tradespace.components.store import ArtefactStore
    >>> passages = (Passage("cat", "cat", "The cat sat."), Passage("dog", "dog", "A dog."))
    >>> retrieve = Shortest().open(Corpus(passages, ArtefactStore(Path("artefacts"))))
    >>> [scored.passage.id for scored in retrieve([Request("Who sat?")])[0]]
    ['dog']
    """

    role: ClassVar[Role] = Role.RETRIEVE
    corpus_bound: ClassVar[bool] = True

    def process(self, request: Request) -> Process:
        (outcome,) = yield (Call(self, Request(request.question)),)
        return outcome


class Reranker(Component, ABC):
    """Reorders or thins out the passages it is given.

    One that computes little may do so in its process, and make no call:

    >>> from tradespace.components.direct import run_directly
    >>> from tradespace.types import ScoredPassage
    >>> class Reversed(Reranker):
    ...     name = "reversed"
    ...
    ...     def process(self, request):
    ...         return tuple(ScoredPassage(passage, 0.0) for passage in reversed(request.passages))
    ...         yield ()  # a process is a generator
    >>> request = Request("Who sat?", (Passage("cat", "cat", "The cat sat."), Passage("dog", "dog", "A dog.")))
    >>> from tradespace.components.direct import run_directly
    >>> [scored.passage.id for scored in run_directly(Reversed().process(request), lambda component: component.open)]
    ['dog', 'cat']
    """

    role: ClassVar[Role] = Role.RERANK


class Reader(Component, ABC):
    """Answers the question from the passages it is given.

    >>> class FirstWord(Reader):
    ...     name = "first_word"
    ...
    ...     def open(self, corpus):
    ...         return lambda requests: [Answer(request.passages[0].text.split()[0], score=1.0) for request in requests]
    >>> from tradespace.components.retrievers import BM25
    >>> BM25(top_k=1) >> FirstWord()
    bm25(top_k=1) >> first_word()
    """

    role: ClassVar[Role] = Role.GENERATE


def _components_in(value: Any) -> Iterator[Component]:
    """The components in a setting's value, which may hold them in sequences and mappings."""
    if isinstance(value, Component):
        yield value
    elif isinstance(value, Mapping):
        yield from _components_in(tuple(value.values()))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for item in value:
            yield from _components_in(item)


@dataclass(frozen=True, slots=False)
class Pipeline:
    """Components that fill stages, in the order that `roles.py` declares: parse, chunk, retrieve, rerank, generate.

    A kind of stage stands at most once, unless it is declared to repeat: of two rerankers in a row the first fills
    `rerank` and the second `rerank_2`. Without a chunk stage the documents are searched whole.

    Raises:
        NotationError: a stage that does not repeat is filled twice, is out of order, or a component fills no stage.

    >>> from tradespace.components.notation import parse
    >>> pipeline = parse("bm25(top_k=20) >> mmr() >> mmr(keep=2) >> sentence(passages=3)")
    >>> pipeline.stages["rerank_2"]
    mmr(keep=2)
    >>> from tradespace.components.retrievers import BM25
    >>> BM25(top_k=20) >> pipeline.stages["generate"]
    bm25(top_k=20) >> sentence()
    """

    components: tuple[Component, ...]

    def __post_init__(self) -> None:
        if problem := stages_problem(tuple(component.role for component in self.components)):
            stages = ", ".join(f"{component.role}: {component}" for component in self.components)
            raise NotationError(f"{problem}; given: {stages}")

    @cached_property
    def stages(self) -> dict[str, Component]:
        """Components by the name of the stage that they fill, in order."""
        names = stage_names(component.role for component in self.components)
        return dict(zip(names, self.components, strict=True))

    @property
    def chunker(self) -> Component | None:
        """What cuts the documents; None where they are searched whole."""
        return self.stages.get(Role.CHUNK)

    @property
    def parsers(self) -> tuple[Component, ...]:
        """What reads the files of documents again, in order; none where they are searched as they were read."""
        return tuple(component for component in self.components if component.role is Role.PARSE)

    @property
    def corpus_stages(self) -> tuple[Component, ...]:
        """What makes the corpus, before any question arrives: pipelines that share it search one corpus."""
        return tuple(component for component in self.components if not component.role.online)

    @property
    def online(self) -> dict[str, Component]:
        """The stages that work when a question arrives: all but parsing and chunking."""
        return {name: component for name, component in self.stages.items() if component.role.online}

    @cached_property
    def address(self) -> str:
        """Content address of everything that its evaluations depend on besides data and prices: every setting of every
        component, the versions of their behaviour, and the weights."""
        return digest(component.identity for component in self.components)

    def __rshift__(self, other: Component | Pipeline) -> Pipeline:
        return compose(self, other)

    def __iter__(self) -> Iterator[Component]:
        return iter(self.components)

    def __str__(self) -> str:
        return " >> ".join(map(repr, self.components))

    __repr__ = __str__


def compose(left: Component | Pipeline, right: Component | Pipeline) -> Pipeline:
    """Join components and pipelines, left to right."""

    def parts(value: Component | Pipeline) -> tuple[Component, ...]:
        return value.components if isinstance(value, Pipeline) else (value,)

    return Pipeline(parts(left) + parts(right))


def notation(name: str, settings: dict[str, Any], nested: Callable[[Any], str]) -> str:
    """Write a component as a call with keyword settings, which `pipeline.parse` reads back."""

    return f"{name}({', '.join(f'{key}={_spelt(value, nested)}' for key, value in settings.items())})"


def _spelt(value: Any, nested: Callable[[Any], str]) -> str:
    if isinstance(value, Component):
        return nested(value)
    if isinstance(value, tuple) and any(isinstance(item, Component) for item in value):
        items = [_spelt(item, nested) for item in value]
        return f"({', '.join(items)}{',' if len(items) == 1 else ''})"
    return repr(value)


def _identified(value: Any) -> str:
    """A setting's value as addresses spell it."""
    return _spelt(value, lambda component: component.identity)


def ranking_of(outcome: Outcome) -> Ranking:
    """The outcome of a retriever or reranker, checked."""
    if not isinstance(outcome, tuple):
        raise TypeError(f"a ranking was expected; given: {outcome!r}")
    return outcome


def answer_of(outcome: Outcome) -> Answer:
    """The outcome of a reader, checked."""
    if not isinstance(outcome, Answer):
        raise TypeError(f"an answer was expected; given: {outcome!r}")
    return outcome


def program_run_of(outcome: Outcome) -> ProgramRun:
    """What running a program came to, checked."""
    if not isinstance(outcome, ProgramRun):
        raise TypeError(f"the run of a program was expected; given: {outcome!r}")
    return outcome


def completion_of(outcome: Outcome) -> Completion:
    """The outcome of a language model, checked."""
    if not isinstance(outcome, Completion):
        raise TypeError(f"a completion was expected; given: {outcome!r}")
    return outcome
