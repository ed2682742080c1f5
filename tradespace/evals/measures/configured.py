"""Measures that have settings: what the section `measures` of a search-space file makes, each under its own name."""

from __future__ import annotations

from abc import ABC, abstractmethod

from tradespace.components.base import Component
from tradespace.components.checked import OutcomeKind
from tradespace.evals.measures.base import Measure


class ConfiguredMeasure(Component, ABC):
    """A kind of measure that has settings, such as a similarity by an embedder: a value that makes a `Measure`.

    It is a component in all but its place: it stands in no pipeline. Its fields are its settings, which YAML, the JSON
    Schema and the documentation are derived from; models and embedders among them are components. What it needs to be
    trusted for, its parts, and the packages that it imports are said as components say them.

    Its `key` is a digest of kind, version and settings. Scores are stored with it: those of other settings do not hold,
    and are made again from the ledger.

    Class attributes:
        name: the kind, as YAML calls it; unique among kinds, and the name of no measure that has no settings.
        version: of its behaviour; raised when equal settings begin to give other scores.
        unkeyed: settings that no score depends on.

    >>> from dataclasses import dataclass
    >>> from tradespace.evals.measures.base import AnswerMeasure
    >>> @dataclass(frozen=True)
    ... class AtMost(AnswerMeasure):
    ...     words: int
    ...
    ...     def grade(self, answer, accepted):
    ...         return float(len(answer.split()) <= self.words)
    >>> class Brief(ConfiguredMeasure):
    ...     name = "brief"
    ...     words: int = 5
    ...
    ...     def measure(self, name):
    ...         return AtMost(name, self.words)
    >>> Brief(words=2).measure("short").grade("the black cat", ["a cat"])
    0.0
    """

    @property
    def returns(self) -> OutcomeKind | None:
        return None

    @abstractmethod
    def measure(self, name: str) -> Measure:
        """The measure with these settings, under the name that objectives and reports call it by.

        Nothing is loaded or imported for it: that is done when it first scores.
        """

    def prepare(self) -> None:
        """Make sure that it can score, before calls are made whose answers it is to score.

        Raises:
            MeasureError: it cannot.
        """
