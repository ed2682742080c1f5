"""Answering calls without making any: from the ledger what it knows, and with stand-ins what it doesn't.

A stand-in has the shape of what would come back: as many passages, with texts of the real documents, an order of their
own for each component, so that different components agree by chance only. Real ones agree more often, and then share
more of the calls that follow.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tradespace.components.base import Call, Component, Pipeline
from tradespace.components.calls import kind_giving, kind_returning
from tradespace.components.calls.base import StandIn
from tradespace.components.corpus import Corpus, whole_documents
from tradespace.components.roles import Role
from tradespace.components.store import ArtefactStore
from tradespace.explorer.planning.speeds import kind_of
from tradespace.explorer.running.bill import PaidCall
from tradespace.explorer.running.call_answers import Assumed
from tradespace.explorer.running.lookup import look_up
from tradespace.explorer.running.opened_components import OpenedComponents
from tradespace.explorer.storage.base import Ledger
from tradespace.types import Document, Outcome

SAMPLES = 32
"""Calls of each kind of component that are kept as examples."""


@dataclass
class DryRun:
    """Counts the distinct calls that are missing, and those that the ledger answers.

    Attributes:
        opened_components: its documents give stand-ins their texts; it makes the corpora where there is a
            ledger to look into.
        ledger: None where nothing was called yet: then documents need not be cut.
        asked: calls that pipelines would make, had each run alone.
        missing: distinct calls by component, as their content addresses.
        known: the same of those that the ledger answers.
        examples: some of the missing calls, by kind of component.
        bill: the dollars of calls as if they were made, each completion as long as it may be.
        usd: the most that the missing calls cost, about.
        cutting: seconds that the documents took to be read and cut.
    """

    opened_components: OpenedComponents
    ledger: Ledger | None = None
    asked: int = 0
    missing: dict[Component, set[bytes]] = field(default_factory=dict)
    known: dict[Component, set[bytes]] = field(default_factory=dict)
    examples: dict[str, list[Call]] = field(default_factory=dict)
    bill: Callable[[Sequence[PaidCall]], float] = lambda calls: 0.0
    usd: float = 0.0
    cutting: float = 0.0

    def corpus(self, pipeline: Pipeline) -> Corpus:
        """The corpus that a pipeline searches, or one that stands for it."""
        if self.ledger is not None:
            began = time.monotonic()
            try:
                return self.opened_components.corpus(pipeline)
            finally:
                self.cutting += time.monotonic() - began
        name = " >> ".join(map(repr, pipeline.corpus_stages)) or "None"
        return Corpus(whole_documents([Document(name, name)]), ArtefactStore(self.opened_components.folder))

    def count(self, asked: int) -> None:
        """Take note of calls that pipelines would have made, had each run alone."""
        self.asked += asked

    def outcomes(self, calls: Sequence[Call], corpus: Corpus) -> list[Outcome | Assumed]:
        """Answer every call, in order, and count it."""
        known = look_up(self.ledger, calls, corpus)
        fresh = [key for key, call in known.calls.items() if key not in self.missing.get(call.component, ())]
        answered = {key: self._answer(call, key, known.outcomes.get(key)) for key, call in known.calls.items()}
        assumed = [answer for key in fresh if isinstance(answer := answered[key], Assumed)]
        self.usd += self.bill([PaidCall(answer.call, answer.outcome) for answer in assumed])
        return [answered[key] for key in known.keys]

    def _answer(self, call: Call, key: bytes, stored: Outcome | None) -> Outcome | Assumed:
        if stored is not None:
            self.known.setdefault(call.component, set()).add(key)
            return stored
        self.missing.setdefault(call.component, set()).add(key)
        examples = self.examples.setdefault(kind_of(call.component), [])
        if len(examples) < SAMPLES:
            examples.append(call)
        return Assumed(self._stand_in(call, random.Random(key)), call, key)

    def _stand_in(self, call: Call, generator: random.Random) -> Outcome:
        component, documents = call.component, self.opened_components.documents
        kind = kind_returning(component.returns) if component.returns else kind_giving(type(call.request))
        searches = component.role is Role.RETRIEVE
        return kind.stand_in(StandIn(repr(component), component.settings, searches, documents, generator), call.request)
