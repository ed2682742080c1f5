"""What can be registered, and what is said of the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest

from tradespace.components.base import Component, Retriever
from tradespace.components.registry import components_of
from tradespace.components.retrievers.bm25 import BM25
from tradespace.components.roles import Role
from tradespace.errors import InputError
from tradespace.evals.measures import measures
from tradespace.evals.measures.base import AnswerMeasure, Measure
from tradespace.explorer.search import SEARCH_ALGORITHMS, Problem, Random, Search, SearchAlgorithm
from tradespace.extensions import register
from tradespace.types import Answer, Question, Ranking


class Graded(AnswerMeasure):
    """Always right."""

    def grade(self, given: str, accepted: Sequence[str]) -> float:
        return 1.0


@dataclass(frozen=True)
class Needless(Measure):
    """Does not say what it needs."""

    def score(
        self, questions: Sequence[Question], rankings: Sequence[Ranking | None], answers: Sequence[Answer | None]
    ) -> list[float | None]:
        return [None for _ in questions]


class Nameless(Retriever):
    """Has no name."""


class Spaced(Retriever):
    """Has a name that cannot be written in a pipeline."""

    name: ClassVar[str] = "shared words"


class Keyword(Retriever):
    """Has a name that Python keeps for itself."""

    name: ClassVar[str] = "lambda"


class Roleless(Component):
    """Could stand nowhere."""

    name: ClassVar[str] = "roleless"


class Unwritable(Retriever):
    """Has a setting that cannot be written down."""

    name: ClassVar[str] = "unwritable"

    scorer: Callable[[str], float] = len


class Faster(BM25):
    """Has the name of what it is derived from."""


class Halting(SearchAlgorithm):
    """Cannot begin."""

    name: ClassVar[str] = "halting"


class NamelessSearch(SearchAlgorithm):
    """Has no name."""

    def begin(self, problem: Problem, seed: int, storage: Path | None) -> Search:
        return Random().begin(problem, seed, storage)


class Bare(Component):
    """A base class, with a method that is still to be written."""

    role: ClassVar[Role] = Role.FUSION


@pytest.mark.parametrize(
    ("extension", "message"),
    [
        (Nameless, "needs a class attribute `name` of letters, digits and _, by which it is written; its name is None"),
        (Spaced, "its name is 'shared words'"),
        (Keyword, "its name is 'lambda'"),
        (Roleless, "needs a class attribute `role`, one of parse, chunk, retrieve, rerank"),
        (Unwritable, "has settings that no YAML can hold: .*CallableSchema"),
        (Faster, r"the name 'bm25' is taken: .*bm25.BM25 is the component of that name; give .*Faster another `name`"),
        (Bare, "its name is None"),
        (Halting, "must define begin"),
        (NamelessSearch, "needs a class attribute `name` without spaces"),
        (Graded, r"must be a Measure with its name, as in MyMeasure\('my_measure'\)"),
        (Graded("always right"), "must have a name without spaces; its name is 'always right'"),
        (Graded("latency_p95"), "must have another name: latency_p95 is not scored, but measured"),
        (Graded("answer_f1"), "the name 'answer_f1' is taken"),
        (Needless("needless"), "needs a class attribute `needs`, one of answers, gold"),
        (print, "only a class derived from Component or SearchAlgorithm, or a Measure, can be registered"),
        ("bm26", "can be registered; given: 'bm26'"),
    ],
)
def test_what_cannot_be_chosen_by_name_is_refused(extension: object, message: str) -> None:
    """The message says what must hold, and nothing is added."""
    before = [*components_of(Role.RETRIEVE), *measures(), *SEARCH_ALGORITHMS]
    with pytest.raises(InputError, match=message):
        register(extension)
    assert [*components_of(Role.RETRIEVE), *measures(), *SEARCH_ALGORITHMS] == before
