"""The protocol of kinds of calls."""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice
from typing import Any, ClassVar

from tradespace.components.corpus import Corpus
from tradespace.types import Document, Given, Outcome, Passage, Request

CHARACTERS_PER_TOKEN = 4
"""Of English text, about."""


class CallKind(ABC):
    """One kind of call.

    Class attributes:
        given, outcome: the types of what a call is given and of what it returns.
        expected: what the outcome is called in messages.
        mark: the name under which outcomes are stored; it never changes, for it stands in every ledger.
    """

    given: ClassVar[type[Any]]
    outcome: ClassVar[type[Any]]
    expected: ClassVar[str]
    mark: ClassVar[str]

    @abstractmethod
    def address(self, given: Any) -> list[str]:
        """The texts that the content address of a call is made of, besides those of its component and corpus."""

    @abstractmethod
    def texts(self, given: Any) -> Sequence[str]:
        """What there is to read besides a question: how many texts, and how long, is the size of a call."""

    @abstractmethod
    def checked(self, component: object, outcome: Any) -> Outcome:
        """An outcome of this type with numbers as Python's own and text that can be encoded.

        Raises:
            ComponentError: a number is missing or not finite, or a text is none; it names the component.
        """

    @abstractmethod
    def written(self, outcome: Any, corpus: Corpus) -> Sequence[Any]:
        """An outcome as plain values for the ledger; passages of the corpus may be written as their ids."""

    @abstractmethod
    def read(self, values: Sequence[Any], corpus: Corpus) -> Outcome | None:
        """What `written` wrote; None where an earlier version stored what is no outcome."""

    @abstractmethod
    def stand_in(self, source: StandIn, given: Any) -> Outcome:
        """Something of the shape that a call would return, where none is made."""

    def on_passages(self, given: Any, passages: Sequence[Passage]) -> Given:
        """The same with other passages, where it holds any: as many, again from the first where these are too few."""
        return given  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class StandIn:
    """What stand-ins are made of.

    Attributes:
        name: of the component, as its passages are called.
        settings: those of the component.
        searches: whether it finds passages, and is given none.
        documents: give passages their texts.
        generator: its own for each call, so that different components agree by chance only.
    """

    name: str
    settings: Mapping[str, Any]
    searches: bool
    documents: Sequence[Document]
    generator: random.Random


class RequestCall(CallKind):
    """A call that is given a question, and passages where there are any."""

    given: ClassVar[type[Any]] = Request

    def address(self, given: Request) -> list[str]:
        passages = [text for passage in given.passages for text in (passage.id, passage.text)]
        return [given.question, *passages, *([given.vector.hex()] if given.vector else [])]

    def texts(self, given: Request) -> Sequence[str]:
        return [passage.text for passage in given.passages]

    def on_passages(self, given: Request, passages: Sequence[Passage]) -> Request:
        return replace(given, passages=tuple(islice(cycle(passages), len(given.passages))))
