"""Look-up of a document by its name, as one opens an encyclopedia (the `Search[entity]` of ReAct, Yao et al. 2022)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import ClassVar

from tradespace.components.base import Call, Operator, ranking_of
from tradespace.components.checked import OutcomeKind
from tradespace.components.corpus import Corpus
from tradespace.components.processes import Rounds
from tradespace.components.tools.base import Observation, Tool
from tradespace.components.tools.shown_passages import PassagesShown, observed_passages
from tradespace.types import Passage, Ranking, Request, ScoredPassage


class LookUp(Tool):
    """Shows the beginning of the document with that title or id; of several with one title, those that come first.

    Capitals, quotation marks, `_` and `-` make no difference.
    """

    name: ClassVar[str] = "look_up"
    meaning: ClassVar[str] = "opens the document about one thing or person, by its name"
    parameter: ClassVar[str] = "name"
    corpus_bound: ClassVar[bool] = True
    unkeyed: ClassVar[frozenset[str]] = frozenset({"passages"})

    passages: PassagesShown = 5

    @property
    def returns(self) -> OutcomeKind:
        return tuple

    def address_in(self, corpus: Corpus) -> str:
        return corpus.titled_key

    def open(self, corpus: Corpus) -> Operator:
        named: defaultdict[str, list[Passage]] = defaultdict(list)
        for passage in corpus.passages:
            names = (passage.document_id, corpus.titles.get(passage.document_id, ""))
            for name in dict.fromkeys(map(as_looked_up, filter(None, names))):
                named[name].append(passage)

        def operate(requests: Sequence[Request]) -> list[Ranking]:
            found = [named.get(as_looked_up(request.question), ()) for request in requests]
            return [tuple(ScoredPassage(passage, -place) for place, passage in enumerate(each)) for each in found]

        return operate

    def use(self, text: str) -> Rounds[Observation]:
        (outcome,) = yield (Call(self, Request(text)),)
        return observed_passages([scored.passage for scored in ranking_of(outcome)[: self.passages]])


def as_looked_up(name: str) -> str:
    """A name without what makes no difference.

    >>> as_looked_up(' "Super_Bowl 50" ')
    'super bowl 50'
    """
    return re.sub(r"[\s_-]+", " ", name).strip(" \"'“”").casefold()
