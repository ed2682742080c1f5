"""How fast components work on this machine: tried on a sample of passages, within some seconds, and kept.

A component is tried once for each host: what was measured is a timing in the ledger as any other. Models are opened
where the exploration finds them opened; indexes of a sample are small, and thrown away.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tradespace.components.base import Call, Component, Operator
from tradespace.components.calls import kind_giving
from tradespace.components.corpus import Corpus, whole_documents
from tradespace.components.llms.base import LanguageModel
from tradespace.components.priced import PricedModel
from tradespace.components.store import ArtefactStore
from tradespace.explorer.running.component_errors import component_errors
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.running.replayed_calls import is_remote
from tradespace.explorer.storage.base import Ledger
from tradespace.explorer.storage.entries import Timing
from tradespace.explorer.storage.timing_keys import speed_key
from tradespace.types import Document, Given, Passage

PASSAGES, CHARACTERS = 64, 1000
"""Passages of a sample, and how long each is at most."""
FEW = 4
"""Those that a component is tried on first."""
PROMPTS, RUNS = 4, 3
"""Prompts that a language model is tried on; how often each component is tried: the fastest counts, for whatever else
the machine does can only slow it down."""


@dataclass(frozen=True, slots=True)
class Speed:
    """What one component takes.

    Attributes:
        opening: seconds to open it, by character of the corpus.
        call: seconds for a call in a batch.
    """

    opening: float
    call: float


@dataclass
class Trial:
    """Tries components on a sample of the documents.

    Attributes:
        opened_components: holds the documents, and the models that are open.
        seconds: after which no further component is tried.
        ledger: where speeds are kept; None keeps none.
        host: what this machine is called there.
    """

    opened_components: OpenedComponents
    seconds: float
    ledger: Ledger | None = None
    host: str = ""
    _end: float = field(init=False)

    def __post_init__(self) -> None:
        self._end = time.monotonic() + self.seconds

    def speeds(self, units: Iterable[Component], examples: Mapping[str, Sequence[Call]]) -> dict[str, Speed]:
        """The speed of every kind of component that there is time for, those that are known first.

        What asks a server is not tried: opening it would send passages there.

        Raises:
            ComponentError: a component could not be opened, or raised.
        """
        kinds = {kind_of(unit): unit for unit in units if not _asks_a_server(unit)}
        examples = {
            kind: [call for call in examples.get(kind, ()) if not _asks_a_server(call.component)] for kind in kinds
        }
        speeds = self._kept(kinds)
        untried = {kind: unit for kind, unit in kinds.items() if kind not in speeds and examples[kind]}
        passages = whole_documents(sampled_pieces(self.opened_components.documents))
        with tempfile.TemporaryDirectory() as folder:
            for place, (kind, unit) in enumerate(untried.items()):
                if (left := self._end - time.monotonic()) <= 0:
                    break
                self.opened_components.working(f"trying how fast {unit.name} is")
                end = time.monotonic() + left / (len(untried) - place)
                attempt = _Attempt(unit, examples[kind], self.opened_components, ArtefactStore(Path(folder)), end)
                speeds[kind] = attempt.speed(passages)
                self._keep(kind, speeds[kind])
        return speeds

    def _kept(self, kinds: Iterable[str]) -> dict[str, Speed]:
        if self.ledger is None:
            return {}
        works = {speed_key(kind): kind for kind in kinds}
        timings = self.ledger.timings(works, self.host)
        seconds = {(works[timing.work], timing.question): timing.seconds for timing in timings}
        return {kind: Speed(seconds[kind, "opening"], seconds[kind, "call"]) for kind, _ in seconds}

    def _keep(self, kind: str, speed: Speed) -> None:
        if self.ledger is not None:
            conditions = {"passages": PASSAGES}
            self.ledger.record(
                [
                    Timing(self.host, speed_key(kind), "opening", speed.opening, conditions),
                    Timing(self.host, speed_key(kind), "call", speed.call, conditions),
                ]
            )


@dataclass
class _Attempt:
    """One component, tried on more passages and calls as long as there is time: the first ones show what fits."""

    unit: Component
    calls: Sequence[Call]
    opened_components: OpenedComponents
    store: ArtefactStore
    end: float

    def speed(self, passages: Sequence[Passage]) -> Speed:
        """Try it."""
        self._opened(passages[:FEW])  # loads models and libraries
        corpus, operator, opening = self._opened(passages[-FEW:])
        if (fitting := self._fitting(opening * characters(passages[-FEW:]) / FEW)) > FEW:
            corpus, operator, opening = self._opened(passages[:fitting])
        requests = [kind_giving(type(call.request)).on_passages(call.request, corpus.passages) for call in self.calls]
        most = PROMPTS if isinstance(self.unit, LanguageModel) else len(requests)
        runs = [self._call(operator, requests[:1])]
        for _ in range(RUNS):
            if some := requests[: min(most, self._fitting(min(runs)))]:
                runs.append(self._call(operator, some))
        return Speed(opening, min(runs))

    def _fitting(self, seconds: float) -> int:
        """How many things that take so many seconds each there is time for."""
        return max(0, int((self.end - time.monotonic()) / max(seconds, 1e-9)))

    def _opened(self, passages: Sequence[Passage]) -> tuple[Corpus, Operator, float]:
        """Open it on passages: the corpus, what was opened, and seconds by character."""
        corpus, start = Corpus(tuple(passages), self.store), time.perf_counter()
        if isinstance(self.unit, LanguageModel):
            operator = self.opened_components.operator(self.unit, corpus)
        else:
            with component_errors(self.unit):
                operator = self.unit.open(corpus)
        return corpus, operator, (time.perf_counter() - start) / characters(passages)

    def _call(self, operator: Operator, requests: Sequence[Given]) -> float:
        """Seconds for each of some calls that are made together."""
        start = time.perf_counter()
        with component_errors(self.unit):
            operator(requests)
        return (time.perf_counter() - start) / len(requests)


def _asks_a_server(component: Component) -> bool:
    return any(map(is_remote, component.parts()))


def kind_of(component: Component) -> str:
    """What components have in common that take as long: their class, and of models all settings."""
    return component.key if isinstance(component, PricedModel) else component.versioned_name()


def sampled_pieces(documents: Sequence[Document]) -> list[Document]:
    """Pieces from all over the documents, none longer than a passage is: however many and long they are."""
    some = documents[:: max(1, len(documents) // PASSAGES)][:PASSAGES]
    each = -(-PASSAGES // max(1, len(some)))
    return [
        Document(f"{document.id} {start}", document.text[start : start + CHARACTERS])
        for document in some
        for start in _starts(len(document.text), each)
    ]


def _starts(length: int, count: int) -> Iterable[int]:
    return range(0, max(1, length), max(CHARACTERS, length // count))[:count]


def characters(texts: Sequence[Document] | Sequence[Passage]) -> int:
    """How long texts are together, at least 1."""
    return max(1, sum(len(piece.text) for piece in texts))
